#include "models/pool_spec.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>
#include <vector>

#include "core/base/error.h"

namespace weir {
namespace {

struct Arguments {
  std::string_view kind;
  std::vector<std::string> taken;  // from the old pooling
};

// Of the kinds that do not take the whole window; "" is the bare kernel_size.
const std::vector<Arguments>& special_kinds() {
  static const std::vector<Arguments> kinds = {
      {"avg_pool2d", {"", "kernel_size", "stride", "padding", "ceil_mode"}},
      {"gated_pool2d", {"", "kernel_size", "stride", "padding", "dilation"}},
      {"fractional_max_pool2d", {"kernel_size"}},
      {"blur_pool2d", {"stride"}},
      {"max_blur_pool2d", {"stride"}},
      {"pixel_unshuffle", {}},
  };
  return kinds;
}

std::vector<std::string> arguments_of(std::string_view kind) {
  for (const Arguments& row : special_kinds()) {
    if (row.kind == kind) return row.taken;
  }
  return {"", "kernel_size", "stride", "padding", "dilation", "ceil_mode"};
}

// One ratio for each direction, such as 0.5 for stride 2. What is no stride stays as it is, for the
// layer's reader to report.
SpecValue reciprocal(const SpecValue& stride) {
  SpecValue ratio = stride;
  const auto invert = [](std::string& text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size() && value > 0) {
      text = fmt::format("{}", 1.0 / value);
    }
  };
  invert(ratio.text);
  for (std::string& item : ratio.items) invert(item);
  return ratio;
}

}  // namespace

const SpecValue* stride_of(const LayerSpec& pool) {
  for (const char* name : {"stride", "kernel_size", ""}) {
    if (const auto it = pool.args.find(name); it != pool.args.end()) return &it->second;
  }
  return nullptr;
}

LayerSpec as_pool(const LayerSpec& pool, std::string_view kind) {
  if (pool.kind == kind) return pool;
  LayerSpec out = pool;
  out.kind = kind;
  const SpecValue stride = *stride_of(pool);
  if (const auto bare = pool.args.find(""); bare != pool.args.end()) {
    out.args["kernel_size"] = bare->second;
    out.args.erase("");
  }
  out.args["stride"] = stride;
  const std::vector<std::string> taken = arguments_of(kind);
  std::erase_if(out.args, [&](const auto& argument) {
    return std::find(taken.begin(), taken.end(), argument.first) == taken.end();
  });
  if (kind == "fractional_max_pool2d") out.args["output_ratio"] = reciprocal(stride);
  if (kind == "pixel_unshuffle") out.args["downscale_factor"] = stride;
  return out;
}

}  // namespace weir
