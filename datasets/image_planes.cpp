#include "datasets/image_planes.h"

namespace weir {

Picture picture_of(const Images& images, int index) {
  Picture picture(images.width, images.height, images.channels);
  const auto planes = images.image(index);
  size_t i = 0;
  for (int channel = 0; channel < images.channels; ++channel) {
    for (int y = 0; y < images.height; ++y) {
      for (int x = 0; x < images.width; ++x) picture.at(x, y, channel) = planes[i++];
    }
  }
  return picture;
}

Picture as_rgb(const Picture& picture) {
  if (picture.channels != 1) return picture;
  Picture colours(picture.width, picture.height);
  for (size_t i = 0; i < colours.pixels.size(); ++i) colours.pixels[i] = picture.pixels[i / 3];
  return colours;
}

void append_picture(const Picture& picture, int label, Images& images) {
  for (int channel = 0; channel < picture.channels; ++channel) {
    for (int y = 0; y < picture.height; ++y) {
      for (int x = 0; x < picture.width; ++x) images.pixels.push_back(picture.at(x, y, channel));
    }
  }
  images.labels.push_back(label);
}

}  // namespace weir
