#include "datasets/image_folder.h"

#include <algorithm>
#include <numeric>

#include "core/base/digest.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/runtime/parallel.h"
#include "datasets/cache_folder.h"
#include "datasets/image_io.h"
#include "datasets/picture_cache.h"
#include "datasets/picture_files.h"
#include "datasets/problems.h"
#include "datasets/resize.h"
#include "datasets/split.h"

namespace weir {
namespace fs = std::filesystem;
namespace {

void check(const ImageFolderOptions& options) {
  constexpr int kMostPixels = 1024;
  require(options.image_size >= 1 && options.image_size <= kMostPixels,
          "image_size must be between 1 and {}, found {}", kMostPixels, options.image_size);
  require(options.test_split > 0 && options.test_split < 1,
          "test_split must lie between 0 and 1, found {}", options.test_split);
  resize_method(options.resize);
}

// The files whose decoded pixels are these; a changed file gives another key.
std::string cache_key(const PictureFiles& found, const ImageFolderOptions& options) {
  std::string text = fmt::format("{} {}\n", options.image_size, options.resize);
  for (const PictureFile& file : found.files) {
    text += fmt::format("{}\n{} {}\n", file.path.string(), file.size, file.changed);
  }
  return sha256_hex(text);
}

// One file for each folder, size and method, so that a changed folder replaces its old cache.
fs::path cache_file(const fs::path& root, const ImageFolderOptions& options) {
  const std::string identity =
      fmt::format("{}\n{} {}", root.string(), options.image_size, options.resize);
  return cache_folder("folders") /
         fmt::format("{}-{}.bin", root.filename().string(), sha256_hex(identity).substr(0, 16));
}

// (height, width, channels) to (channels, height, width).
void store_planes(const Picture& picture, uint8_t* planes) {
  const int64_t area = int64_t{picture.width} * picture.height;
  for (int c = 0; c < picture.channels; ++c) {
    for (int64_t i = 0; i < area; ++i) *planes++ = picture.pixels[i * picture.channels + c];
  }
}

// Train and test with their labels and room for their pixels, and where each file's picture goes.
struct Room {
  Images train, test;
  std::vector<std::span<uint8_t>> pictures;
};

void make_room_for(std::span<const int> files, Images& images, const PictureFiles& found,
                   std::vector<std::span<uint8_t>>& pictures) {
  const auto bytes = static_cast<size_t>(images.image_bytes());
  images.pixels.resize(files.size() * bytes);
  uint8_t* at = images.pixels.data();
  for (const int file : files) {
    images.labels.push_back(found.files[file].label);
    pictures[file] = {at, bytes};
    at += bytes;
  }
}

Room make_room(const PictureFiles& found, const Split& split, int side) {
  const Images none{.channels = 3, .height = side, .width = side};
  Room room{.train = none, .test = none, .pictures = {}};
  room.pictures.resize(found.files.size());
  make_room_for(split.train, room.train, found, room.pictures);
  make_room_for(split.validation, room.test, found, room.pictures);
  return room;
}

void decode(const PictureFiles& found, const fs::path& root, const ImageFolderOptions& options,
            PicturePlaces pictures) {
  constexpr int64_t kFilesPerItem = 16;
  const auto count = static_cast<int64_t>(found.files.size());
  const int side = options.image_size;
  const ResizeMethod method = resize_method(options.resize);
  std::vector<std::string> failures(count);
  log_info("{}: decoding {} pictures", root.string(), count);
  parallel_ranges(count, kFilesPerItem, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      try {
        const Picture picture = read_picture(root / found.files[i].path);
        store_planes(resize(picture, side, side, method), pictures[i].data());
      } catch (const Error& error) {
        failures[i] = error.what();
      }
    }
  });
  Problems problems;
  for (std::string& failure : failures) {
    if (!failure.empty()) problems.add(std::move(failure));
  }
  problems.fail_if_any(root.string());
}

void load_or_decode(const PictureFiles& found, const fs::path& root,
                    const ImageFolderOptions& options, PicturePlaces pictures) {
  if (!options.cache) return decode(found, root, options, pictures);
  const PictureCache cache(cache_file(root, options), cache_key(found, options));
  if (cache.load(pictures)) return;
  decode(found, root, options, pictures);
  cache.store(pictures);
}

// The files of train and test (in `validation`).
Split split_files(const PictureFiles& found, const ImageFolderOptions& options) {
  if (!found.has_test) {
    std::vector<int> labels;
    for (const PictureFile& file : found.files) labels.push_back(file.label);
    return stratified_split(labels, static_cast<int>(found.classes.size()), options.test_split,
                            options.seed);
  }
  const auto first_test = std::ranges::find_if(found.files, &PictureFile::test);
  Split split;
  split.train.resize(first_test - found.files.begin());
  split.validation.resize(found.files.end() - first_test);
  std::iota(split.train.begin(), split.train.end(), 0);
  std::iota(split.validation.begin(), split.validation.end(), static_cast<int>(split.train.size()));
  return split;
}

}  // namespace

Dataset read_image_folder(const ImageFolderOptions& options) {
  check(options);
  const PictureFiles found = find_pictures(options.root);
  const fs::path root = fs::canonical(options.root);
  const Split split = split_files(found, options);
  Room room = make_room(found, split, options.image_size);
  load_or_decode(found, root, options, room.pictures);
  if (split.validation.empty() || split.train.empty()) {
    fail(ErrorKind::kData,
         "{}: {} pictures with test_split {} leave {} for training and {} for the test; add "
         "pictures, or change test_split",
         root.string(), found.files.size(), options.test_split, split.train.size(),
         split.validation.size());
  }
  Dataset dataset{.id = root.filename().string(),
                  .source = options.root.string(),
                  .classes = found.classes,
                  .train = std::move(room.train),
                  .test = std::move(room.test)};
  dataset.sha256 = fingerprint(dataset.train, dataset.test);
  return dataset;
}

}  // namespace weir
