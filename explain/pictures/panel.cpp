#include "explain/pictures/panel.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "datasets/image_planes.h"
#include "datasets/resize.h"
#include "explain/pictures/colour_map.h"

namespace weir {
namespace {

constexpr float kMapShare = 0.6f;  // of the colour; the rest is the picture

// Rec. 709 weights, as for a screen.
float grey_of(const Picture& picture, int x, int y) {
  return 0.2126f * picture.at(x, y, 0) + 0.7152f * picture.at(x, y, 1) +
         0.0722f * picture.at(x, y, 2);
}

uint8_t mixed(float grey, uint8_t colour) {
  return static_cast<uint8_t>(std::lround((1 - kMapShare) * grey + kMapShare * colour));
}

}  // namespace

Picture fitted(const Picture& picture, int side) {
  const Picture colours = as_rgb(picture);
  const int longer = std::max(picture.width, picture.height);
  const int times = side / longer;
  if (times >= 2) {
    return resize(colours, picture.width * times, picture.height * times, ResizeMethod::kNearest);
  }
  const double scale = double(side) / longer;
  const auto scaled = [&](int size) { return std::max(static_cast<int>(size * scale), 1); };
  return resize(colours, scaled(picture.width), scaled(picture.height), ResizeMethod::kArea);
}

Picture overlaid(const Picture& panel, const HeatMap& map) {
  const float low = map.lowest(), range = map.highest() - low;
  const HeatMap large = resized(map, panel.height, panel.width);
  Picture result(panel.width, panel.height);
  for (int y = 0; y < panel.height; ++y) {
    for (int x = 0; x < panel.width; ++x) {
      const Colour colour = heat_colour(range > 0 ? double{(large.at(y, x) - low) / range} : 0);
      const float grey = grey_of(panel, x, y);
      result.at(x, y, 0) = mixed(grey, colour.red);
      result.at(x, y, 1) = mixed(grey, colour.green);
      result.at(x, y, 2) = mixed(grey, colour.blue);
    }
  }
  return result;
}

Picture pattern_picture(std::span<const float> values, int channels, int height, int width) {
  float most = 0;
  for (const float value : values) most = std::max(most, std::abs(value));
  constexpr float kMiddle = 127.5f;
  Picture picture(width, height, channels == 3 ? 3 : 1);
  const size_t cells = static_cast<size_t>(height) * static_cast<size_t>(width);
  for (size_t i = 0; i < picture.pixels.size(); ++i) {
    const size_t channel = i % static_cast<size_t>(picture.channels);
    const float part = most > 0 ? values[channel * cells + i / picture.channels] / most : 0;
    picture.pixels[i] = static_cast<uint8_t>(std::lround(kMiddle + kMiddle * part));
  }
  return as_rgb(picture);
}

}  // namespace weir
