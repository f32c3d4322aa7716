#include "explain/measure/baselines.h"

#include <cmath>

#include "core/runtime/philox.h"
#include "explain/measure/localization.h"

namespace weir {
namespace {

HeatMap centre_box(const ObjectPlace& place, int height, int width) {
  HeatMap map{.height = place.height, .width = place.width, .values = {}};
  const int left = (place.width - width) / 2, top = (place.height - height) / 2;
  const Box box{.left = left, .top = top, .right = left + width, .bottom = top + height};
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) map.values.push_back(box.contains(y, x) ? 1.f : 0.f);
  }
  return map;
}

}  // namespace

HeatMap random_map(const HeatMap& like, uint64_t seed, int picture) {
  Philox random(seed, Purpose::kRandomMap, static_cast<uint32_t>(picture));
  HeatMap map = like;
  for (float& value : map.values) value = random.uniform();
  return map;
}

std::vector<HeatMap> centre_boxes(std::span<const ObjectPlace> places) {
  double heights = 0, widths = 0;
  int count = 0;
  for (size_t i = 0; i < places.size(); ++i) {
    if (!is_held_out(static_cast<int>(i))) continue;
    heights += places[i].box.height();
    widths += places[i].box.width();
    ++count;
  }
  const int height = static_cast<int>(std::lround(heights / count));
  const int width = static_cast<int>(std::lround(widths / count));
  std::vector<HeatMap> maps;
  for (const ObjectPlace& place : places) maps.push_back(centre_box(place, height, width));
  return maps;
}

}  // namespace weir
