#include "explain/methods/occlusion.h"

#include <algorithm>

#include "core/base/error.h"

namespace weir {
namespace {

constexpr uint8_t kGrey = 128;
constexpr size_t kBatch = 32;  // covered pictures at a time: a large picture has thousands

struct Place {
  int y, x;
};

std::vector<int> starts(int side, const OcclusionOptions& options) {
  const int last = side - options.window;
  std::vector<int> list;
  for (int at = 0; at < last; at += options.stride) list.push_back(at);
  list.push_back(last);
  return list;
}

std::vector<Place> places_of(const Images& pictures, const OcclusionOptions& options) {
  std::vector<Place> places;
  for (const int y : starts(pictures.height, options)) {
    for (const int x : starts(pictures.width, options)) places.push_back({y, x});
  }
  return places;
}

// Calls visit(offset in the map) for every pixel that a square at `place` covers.
template <class Visit>
void for_covered(const Place& place, int window, int width, const Visit& visit) {
  for (int y = place.y; y < place.y + window; ++y) {
    for (int x = place.x; x < place.x + window; ++x) visit(static_cast<size_t>(y) * width + x);
  }
}

// The picture, once for each place, covered there.
Images covered(const Images& pictures, int index, std::span<const Place> places, int window) {
  Images all{.channels = pictures.channels, .height = pictures.height, .width = pictures.width};
  const auto picture = pictures.image(index);
  const size_t plane = size_t{1} * pictures.height * pictures.width;
  for (const Place& place : places) {
    const size_t first = all.pixels.size();
    all.pixels.insert(all.pixels.end(), picture.begin(), picture.end());
    all.labels.push_back(0);
    for (int c = 0; c < pictures.channels; ++c) {
      for_covered(place, window, pictures.width,
                  [&](size_t offset) { all.pixels[first + c * plane + offset] = kGrey; });
    }
  }
  return all;
}

// Of the class, for every place of the square.
std::vector<float> probabilities_covered(TrainedModel& model, const Images& pictures, int index,
                                         size_t label, std::span<const Place> places, int window) {
  std::vector<float> found;
  for (size_t i = 0; i < places.size(); i += kBatch) {
    const auto some = places.subspan(i, std::min(kBatch, places.size() - i));
    for (const auto& row : predict(model, covered(pictures, index, some, window))) {
      found.push_back(row[label]);
    }
  }
  return found;
}

// The mean over the squares that cover a pixel.
HeatMap mean_fall(std::span<const Place> places, std::span<const float> falls, int window,
                  const Images& pictures) {
  const size_t cells = size_t{1} * pictures.height * pictures.width;
  std::vector<double> sums(cells), counts(cells);
  for (size_t i = 0; i < places.size(); ++i) {
    for_covered(places[i], window, pictures.width, [&](size_t offset) {
      sums[offset] += double{falls[i]};
      ++counts[offset];
    });
  }
  HeatMap map{.height = pictures.height, .width = pictures.width, .values = {}};
  for (size_t i = 0; i < cells; ++i) {
    map.values.push_back(static_cast<float>(sums[i] / counts[i]));
  }
  return map;
}

void check(const OcclusionOptions& options, const Images& pictures) {
  require(options.window >= 1 && options.stride >= 1,
          "occlusion: window and stride must be at least 1, found {} and {}", options.window,
          options.stride);
  require(options.stride <= options.window,
          "occlusion: a stride of {} leaves pixels between windows of {} that nothing covers",
          options.stride, options.window);
  require(options.window <= std::min(pictures.height, pictures.width),
          "occlusion: a window of {} does not fit pictures of {}x{}", options.window,
          pictures.height, pictures.width);
}

}  // namespace

std::vector<HeatMap> occlusion(TrainedModel& model, const Images& pictures,
                               std::span<const int> classes, const OcclusionOptions& options) {
  check(options, pictures);
  const std::vector<Place> places = places_of(pictures, options);
  const std::vector<std::vector<float>> whole = predict(model, pictures);
  std::vector<HeatMap> maps;
  for (size_t i = 0; i < whole.size(); ++i) {
    const auto label = static_cast<size_t>(classes[i]);
    std::vector<float> falls =
        probabilities_covered(model, pictures, static_cast<int>(i), label, places, options.window);
    for (float& value : falls) value = whole[i][label] - value;
    maps.push_back(mean_fall(places, falls, options.window, pictures));
  }
  return maps;
}

}  // namespace weir
