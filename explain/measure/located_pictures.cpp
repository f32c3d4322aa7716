#include "explain/measure/located_pictures.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/runtime/philox.h"
#include "datasets/image_io.h"
#include "datasets/image_planes.h"
#include "datasets/resize.h"

namespace weir {
namespace {

constexpr uint8_t kGrey = 128;
constexpr int kPatch = 8;

// Copies what lies inside the canvas.
void paste(const Picture& from, const Box& part, int x, int y, Picture& canvas) {
  for (int row = 0; row < std::min(part.height(), canvas.height - y); ++row) {
    for (int column = 0; column < std::min(part.width(), canvas.width - x); ++column) {
      for (int c = 0; c < canvas.channels; ++c) {
        canvas.at(x + column, y + row, c) = from.at(part.left + column, part.top + row, c);
      }
    }
  }
}

Box whole(const Picture& picture) {
  return {.left = 0, .top = 0, .right = picture.width, .bottom = picture.height};
}

class Paster {
 public:
  Paster(const Images& pictures, const PasteOptions& options)
      : pictures_(pictures), options_(options) {}

  // Adds picture i on its canvas.
  void add(int i, LocatedPictures& located) const {
    Philox random(options_.seed, Purpose::kPasting, static_cast<uint32_t>(i));
    const Picture object = object_of(i);
    const int side = options_.canvas;
    Picture canvas(side, side, object.channels, kGrey);
    const int x = static_cast<int>(random.below(static_cast<uint32_t>(side - object.width + 1)));
    const int y = static_cast<int>(random.below(static_cast<uint32_t>(side - object.height + 1)));
    fill(random, pictures_.labels[static_cast<size_t>(i)], canvas);
    paste(object, whole(object), x, y, canvas);
    append_picture(canvas, pictures_.labels[static_cast<size_t>(i)], located.images);
    located.places.push_back(
        {.height = side,
         .width = side,
         .box = {.left = x, .top = y, .right = x + object.width, .bottom = y + object.height},
         .mask = {}});
  }

 private:
  Picture object_of(int i) const {
    const Picture picture = picture_of(pictures_, i);
    if (options_.object == 0) return picture;
    const double scale = double(options_.object) / std::max(picture.width, picture.height);
    const auto scaled = [&](int size) { return std::max(static_cast<int>(size * scale), 1); };
    return resize(picture, scaled(picture.width), scaled(picture.height), ResizeMethod::kArea);
  }

  void fill(Philox& random, int label, Picture& canvas) const {
    if (options_.backdrop == Backdrop::kNoise) {
      for (uint8_t& byte : canvas.pixels) byte = static_cast<uint8_t>(random.below(256));
    } else if (options_.backdrop == Backdrop::kPatches) {
      for (int y = 0; y < canvas.height; y += kPatch) {
        for (int x = 0; x < canvas.width; x += kPatch) add_patch(random, label, x, y, canvas);
      }
    }
  }

  // A piece of a picture of another class.
  void add_patch(Philox& random, int label, int x, int y, Picture& canvas) const {
    int other = 0;
    do {
      other = static_cast<int>(random.below(static_cast<uint32_t>(pictures_.count())));
    } while (pictures_.labels[static_cast<size_t>(other)] == label);
    const auto start = [&](int size) {
      return static_cast<int>(random.below(static_cast<uint32_t>(std::max(size - kPatch, 0) + 1)));
    };
    const int left = start(pictures_.width), top = start(pictures_.height);
    const Box part{.left = left,
                   .top = top,
                   .right = std::min(left + kPatch, pictures_.width),
                   .bottom = std::min(top + kPatch, pictures_.height)};
    paste(picture_of(pictures_, other), part, x, y, canvas);
  }

  const Images& pictures_;
  const PasteOptions& options_;
};

void check(const Images& pictures, const PasteOptions& options) {
  const int longer = std::max(pictures.height, pictures.width);
  const int object = options.object == 0 ? longer : options.object;
  require(object >= 1, "pasting: expected an object of at least 1 pixel, found {}", object);
  require(options.canvas >= object && options.canvas <= kMaxPictureSide,
          "pasting: expected a canvas of {} (the object) to {} pixels, found {}", object,
          kMaxPictureSide, options.canvas);
  const bool one_class = std::adjacent_find(pictures.labels.begin(), pictures.labels.end(),
                                            std::not_equal_to<>()) == pictures.labels.end();
  require(options.backdrop != Backdrop::kPatches || !one_class,
          "pasting: patches come from pictures of other classes, but all {} have the same",
          pictures.count());
}

}  // namespace

LocatedPictures located_synth10(std::span<const int> indices, const Synth10Options& options) {
  constexpr int kSize = Synth10Sample::kSize;
  LocatedPictures located{.images = {.channels = 3, .height = kSize, .width = kSize}, .places = {}};
  for (const int i : indices) {
    const Synth10Sample sample = synth10_sample(options.seed, Synth10Split::kTest,
                                                static_cast<uint32_t>(i), options.difficulty);
    located.images.pixels.insert(located.images.pixels.end(), sample.pixels.begin(),
                                 sample.pixels.end());
    located.images.labels.push_back(sample.label);
    located.places.push_back({.height = kSize,
                              .width = kSize,
                              .box = box_around(sample.mask, kSize, kSize),
                              .mask = {sample.mask.begin(), sample.mask.end()}});
  }
  return located;
}

LocatedPictures pasted_pictures(const Images& pictures, const PasteOptions& options) {
  check(pictures, options);
  LocatedPictures located{
      .images = {.channels = pictures.channels, .height = options.canvas, .width = options.canvas},
      .places = {}};
  const Paster paster(pictures, options);
  for (int i = 0; i < pictures.count(); ++i) paster.add(i, located);
  return located;
}

}  // namespace weir
