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

std::vector<uint8_t> decode(const PictureFiles& found, const fs::path& root,
                            const ImageFolderOptions& options) {
  constexpr int64_t kFilesPerItem = 16;
  const auto count = static_cast<int64_t>(found.files.size());
  const int side = options.image_size;
  const int64_t image_bytes = int64_t{3} * side * side;
  const ResizeMethod method = resize_method(options.resize);
  std::vector<uint8_t> pixels(count * image_bytes);
  std::vector<std::string> failures(count);
  log_info("{}: decoding {} pictures", root.string(), count);
  parallel_ranges(count, kFilesPerItem, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      try {
        const Picture picture = read_picture(root / found.files[i].path);
        store_planes(resize(picture, side, side, method), pixels.data() + i * image_bytes);
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
  return pixels;
}

std::vector<uint8_t> load_or_decode(const PictureFiles& found, const fs::path& root,
                                    const ImageFolderOptions& options) {
  if (!options.cache) return decode(found, root, options);
  const PictureCache cache(cache_file(root, options), cache_key(found, options));
  const uint64_t bytes = uint64_t{3} * options.image_size * options.image_size;
  if (auto pixels = cache.load(bytes * found.files.size())) return std::move(*pixels);
  std::vector<uint8_t> pixels = decode(found, root, options);
  cache.store(pixels);
  return pixels;
}

// Indices of train and test (in `validation`).
Split split_pictures(const PictureFiles& found, const Images& all,
                     const ImageFolderOptions& options) {
  if (!found.has_test) {
    return stratified_split(all.labels, static_cast<int>(found.classes.size()), options.test_split,
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
  Images all{.channels = 3, .height = options.image_size, .width = options.image_size};
  all.pixels = load_or_decode(found, root, options);
  for (const PictureFile& file : found.files) all.labels.push_back(file.label);

  const Split split = split_pictures(found, all, options);
  if (split.validation.empty() || split.train.empty()) {
    fail(ErrorKind::kData,
         "{}: {} pictures with test_split {} leave {} for training and {} for the test; add "
         "pictures, or change test_split",
         root.string(), all.count(), options.test_split, split.train.size(),
         split.validation.size());
  }
  Dataset dataset{.id = root.filename().string(),
                  .source = options.root.string(),
                  .classes = found.classes,
                  .train = subset(all, split.train),
                  .test = subset(all, split.validation)};
  dataset.sha256 = fingerprint(dataset.train, dataset.test);
  return dataset;
}

}  // namespace weir
