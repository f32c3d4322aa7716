#include "models/rearrange_kinds.h"

#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "layers/adaptive_max_pool2d.h"
#include "layers/fractional_max_pool2d.h"
#include "layers/max_unpool2d.h"
#include "layers/pixel_shuffle.h"
#include "layers/reflection_pad2d.h"
#include "layers/spatial_pyramid_pool2d.h"

namespace weir {

LayerMaker read_adaptive_max_pool2d(SpecReader& reader) {
  const Pair output_size = reader.pair("output_size", 1);
  return [=](const FeatureShape&) { return std::make_unique<AdaptiveMaxPool2d>(output_size); };
}

LayerMaker read_fractional_max_pool2d(SpecReader& reader) {
  // No size is 0: that stands for an argument that is not there.
  const Pair kernel_size = reader.pair("kernel_size", 1, Pair(0));
  const Pair output_size = reader.pair("output_size", 1, Pair(0));
  FractionalMaxPool2d::Options options{.output_ratio = reader.numbers("output_ratio"),
                                       .regions = static_cast<FractionalRegions>(reader.choice(
                                           "regions", {"fixed", "disjoint", "overlapping"})),
                                       .sequence = static_cast<FractionalSequence>(
                                           reader.choice("sequence", {"pseudorandom", "random"})),
                                       .shared = reader.flag("shared", false)};
  if (kernel_size != Pair(0)) options.kernel_size = kernel_size;
  if (output_size != Pair(0)) options.output_size = output_size;
  return [=](const FeatureShape&) { return std::make_unique<FractionalMaxPool2d>(options); };
}

LayerMaker read_max_unpool2d(SpecReader& reader) {
  const std::string of = reader.word("of");
  return [=](const FeatureShape&) { return std::make_unique<MaxUnpool2d>(of); };
}

LayerMaker read_pixel_shuffle(SpecReader& reader) {
  const int factor = reader.integer("upscale_factor", 1);
  return [=](const FeatureShape&) { return std::make_unique<PixelShuffle>(factor); };
}

LayerMaker read_pixel_unshuffle(SpecReader& reader) {
  const int factor = reader.integer("downscale_factor", 1);
  return [=](const FeatureShape&) { return std::make_unique<PixelUnshuffle>(factor); };
}

LayerMaker read_reflection_pad2d(SpecReader& reader) {
  const std::vector<int> sides = reader.integers("padding", 0);
  return [=](const FeatureShape&) {
    require(sides.size() == 1 || sides.size() == 4,
            "padding: expected one number or [left, right, top, bottom], got {} numbers",
            sides.size());
    const auto side = [&](size_t i) { return sides.size() == 1 ? sides[0] : sides[i]; };
    return std::make_unique<ReflectionPad2d>(ReflectionPad2dOptions{
        .left = side(0), .right = side(1), .top = side(2), .bottom = side(3)});
  };
}

LayerMaker read_spatial_pyramid_pool2d(SpecReader& reader) {
  const std::vector<int> levels = reader.integers("levels", 1);
  return [=](const FeatureShape&) { return std::make_unique<SpatialPyramidPool2d>(levels); };
}

}  // namespace weir
