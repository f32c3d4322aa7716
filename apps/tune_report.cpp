#include "apps/tune_report.h"

#include <fmt/core.h>

namespace weir {

std::string tune_text(const TuneReport& report, const std::string& file) {
  constexpr double kMilli = 1e-3;
  constexpr const char* kRow = "  {:<18}{:<14}{:>10}  {:<14}{:>10}  {:>6}\n";
  std::string text = fmt::format(kRow, "", "fixed rule", "ms", "measured", "ms", "gain"), before;
  for (const TunedPass& pass : report.passes) {
    if (pass.convolution != before) text += pass.convolution + "\n";
    before = pass.convolution;
    text += fmt::format(kRow, kernels::name_of(pass.pass), pass.fixed,
                        fmt::format("{:.3f}", pass.fixed_seconds / kMilli), pass.chosen,
                        fmt::format("{:.3f}", pass.chosen_seconds / kMilli),
                        fmt::format("{:.2f}x", pass.gain()));
  }
  return text + fmt::format(
                    "kept in {}\nuse them with:  weir train CONFIG train.kernels=measured\n", file);
}

nlohmann::ordered_json tune_json(const TuneReport& report, const std::string& file) {
  nlohmann::ordered_json passes = nlohmann::ordered_json::array();
  for (const TunedPass& pass : report.passes) {
    passes.push_back({{"convolution", pass.convolution},
                      {"pass", std::string(kernels::name_of(pass.pass))},
                      {"fixed", pass.fixed},
                      {"fixed_s", pass.fixed_seconds},
                      {"chosen", pass.chosen},
                      {"chosen_s", pass.chosen_seconds},
                      {"gain", pass.gain()}});
  }
  return {{"file", file}, {"passes", std::move(passes)}};
}

}  // namespace weir
