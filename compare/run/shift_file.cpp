#include "compare/run/shift_file.h"

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"

namespace weir {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

void write_shift(const std::filesystem::path& run_folder, const MeasuredShift& measured) {
  const Json json{{"schema", 1},
                  {"pixels", measured.pixels},
                  {"pictures", measured.pictures},
                  {"share", measured.share}};
  constexpr int kIndent = 2;
  write_file_atomic(run_folder / kShiftFile, json.dump(kIndent) + "\n");
}

std::optional<MeasuredShift> read_shift(const std::filesystem::path& run_folder) {
  const std::filesystem::path file = run_folder / kShiftFile;
  if (!std::filesystem::exists(file)) return std::nullopt;
  try {
    const Json json = Json::parse(read_file(file));
    return MeasuredShift{.pixels = json.at("pixels").get<int>(),
                         .pictures = json.at("pictures").get<int64_t>(),
                         .share = json.at("share").get<double>()};
  } catch (const Json::exception& error) {
    fail(ErrorKind::kData, "{} is damaged: {}; remove it to have it measured again", file.string(),
         error.what());
  }
}

std::optional<double> shift_share(const std::filesystem::path& run_folder, int pixels) {
  const std::optional<MeasuredShift> measured = read_shift(run_folder);
  if (!measured || pixels == 0 || measured->pixels != pixels) return std::nullopt;
  return measured->share;
}

}  // namespace weir
