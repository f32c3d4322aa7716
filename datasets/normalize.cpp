#include "datasets/normalize.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "core/base/digest.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/names.h"
#include "core/runtime/parallel.h"
#include "datasets/cache_folder.h"
#include "datasets/channel_statistics.h"
#include "datasets/gcn.h"
#include "datasets/mapped_images.h"
#include "datasets/zca_cache.h"

namespace weir {
namespace {

const std::array<std::string, 4> kMethods = {"none", "mean_std", "gcn", "gcn_zca"};

ByteMap gcn_of(const Images& images, int i, const NormalizeOptions& options) {
  return gcn_map(images.image(i), options.gcn_scale, options.gcn_min_divisor);
}

std::vector<ByteMap> gcn_maps(const Images& images, const NormalizeOptions& options) {
  std::vector<ByteMap> maps(static_cast<size_t>(images.count()));
  parallel_ranges(images.count(), 256, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      maps[static_cast<size_t>(i)] = gcn_of(images, static_cast<int>(i), options);
    }
  });
  return maps;
}

// Pictures [begin, begin + count) after GCN, each as one row of floats.
void gcn_rows(const Images& images, const NormalizeOptions& options, int64_t begin, int64_t count,
              float* out) {
  const int64_t size = images.image_bytes();
  parallel_for(count, [&](int64_t i) {
    const int image = static_cast<int>(begin + i);
    const ByteMap map = gcn_of(images, image, options);
    std::ranges::transform(images.image(image), out + i * size, map);
  });
}

std::string zca_key(const Images& train, const NormalizeOptions& options) {
  Digest digest(DigestKind::kSha256);
  digest.update(train.pixels.data(), train.pixels.size());
  return fmt::format("{} {}x{}x{} gcn {} {} zca {}", digest.hex(), train.channels, train.height,
                     train.width, options.gcn_scale, options.gcn_min_divisor, options.zca_bias);
}

Zca cached_zca(const Images& train, const NormalizeOptions& options) {
  const int dimension = static_cast<int>(train.image_bytes());
  const std::string key = zca_key(train, options);
  const std::filesystem::path folder = cache_folder("zca");
  if (auto stored = load_cached_zca(folder, key, dimension)) return *std::move(stored);
  log_info("whitening: eigenvectors of a {} x {} covariance, computed once", dimension, dimension);
  Zca zca = fit_zca(
      train.count(), dimension,
      [&](int64_t begin, int64_t count, float* out) {
        gcn_rows(train, options, begin, count, out);
      },
      options.zca_bias);
  store_cached_zca(folder, key, zca);
  return zca;
}

float number_in(const std::map<std::string, std::string>& settings, const std::string& name) {
  const auto found = settings.find(name);
  if (found == settings.end()) {
    fail(ErrorKind::kData, "the stored normalisation lacks the setting '{}'", name);
  }
  const std::string& text = found->second;
  float value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    fail(ErrorKind::kData, "the stored normalisation has {} = '{}', which is no number", name,
         text);
  }
  return value;
}

Tensor tensor_in(const std::map<std::string, Tensor>& tensors, const std::string& name, int rank) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) {
    fail(ErrorKind::kData, "the stored normalisation lacks the tensor '{}'", name);
  }
  const Tensor& tensor = found->second;
  if (tensor.shape().rank() != rank || tensor.dtype() != DType::kF32 ||
      tensor.shape()[rank - 1] != tensor.shape()[0]) {
    fail(ErrorKind::kData, "the stored normalisation has '{}' of shape {}, expected {} of floats",
         name, tensor.shape().str(), rank == 1 ? "a vector" : "a square matrix");
  }
  return tensor;
}

void check_same_length(const Tensor& mean, const Tensor& other, const std::string& name) {
  if (mean.shape()[0] == other.shape()[0]) return;
  fail(ErrorKind::kData, "the stored normalisation has 'mean' of shape {} but '{}' of shape {}",
       mean.shape().str(), name, other.shape().str());
}

// What is wrong in a file is no mistake in the user's command.
void check_stored(const NormalizeOptions& options) {
  try {
    check(options);
  } catch (const Error& error) {
    fail(ErrorKind::kData, "the stored normalisation cannot be used: {}", error.what());
  }
}

}  // namespace

std::span<const std::string> normalize_methods() { return kMethods; }

void check(const NormalizeOptions& options) {
  require(std::find(kMethods.begin(), kMethods.end(), options.method) != kMethods.end(),
          "unknown normalisation '{}'; known: {}{}", options.method, join(kMethods),
          did_you_mean(options.method, kMethods));
  require(options.gcn_scale > 0 && std::isfinite(options.gcn_scale),
          "gcn_scale must be positive, got {}", options.gcn_scale);
  require(options.gcn_min_divisor > 0 && std::isfinite(options.gcn_min_divisor),
          "gcn_min_divisor must be positive, got {}", options.gcn_min_divisor);
  require(options.zca_bias >= 0 && std::isfinite(options.zca_bias),
          "zca_bias must be 0 or more, got {}", options.zca_bias);
}

Normalizer Normalizer::fit(const Images& train, const NormalizeOptions& options) {
  check(options);
  if (train.count() == 0) fail(ErrorKind::kData, "no training pictures to fit a normalisation on");
  Normalizer normalizer(options);
  if (options.method == "mean_std") {
    const ChannelStatistics statistics = channel_statistics(train);
    normalizer.mean_ = Tensor::from(statistics.mean, {train.channels});
    normalizer.std_ = Tensor::from(statistics.std, {train.channels});
  } else if (options.method == "gcn_zca") {
    normalizer.zca_ = cached_zca(train, options);
  }
  return normalizer;
}

Normalizer Normalizer::restore(const std::map<std::string, Tensor>& tensors,
                               const std::map<std::string, std::string>& settings) {
  const auto method = settings.find("method");
  if (method == settings.end()) {
    fail(ErrorKind::kData, "the stored normalisation lacks the setting 'method'");
  }
  Normalizer normalizer({.method = method->second,
                         .gcn_scale = number_in(settings, "gcn_scale"),
                         .gcn_min_divisor = number_in(settings, "gcn_min_divisor"),
                         .zca_bias = number_in(settings, "zca_bias")});
  check_stored(normalizer.options_);
  if (method->second == "mean_std") {
    normalizer.mean_ = tensor_in(tensors, "mean", 1);
    normalizer.std_ = tensor_in(tensors, "std", 1);
    check_same_length(normalizer.mean_, normalizer.std_, "std");
  } else if (method->second == "gcn_zca") {
    normalizer.zca_ = {tensor_in(tensors, "mean", 1), tensor_in(tensors, "zca", 2)};
    check_same_length(normalizer.zca_.mean, normalizer.zca_.matrix, "zca");
  }
  return normalizer;
}

std::unique_ptr<NormalizedImages> Normalizer::apply(Images images) const {
  check_fits(images);
  if (options_.method == "gcn") {
    auto maps = gcn_maps(images, options_);
    return map_each_picture(std::move(images), std::move(maps));
  }
  if (options_.method == "gcn_zca") {
    std::vector<float> values(images.pixels.size());
    gcn_rows(images, options_, 0, images.count(), values.data());
    zca_.apply(values.data(), images.count());
    return hold_values(std::move(images), std::move(values));
  }
  std::vector<ByteMap> maps(static_cast<size_t>(images.channels), {.shift = 0, .scale = 1.f / 255});
  if (options_.method == "mean_std") {
    for (size_t c = 0; c < maps.size(); ++c) {
      maps[c] = {.shift = 255 * mean_.data()[c], .scale = 1 / (255 * std_.data()[c])};
    }
  }
  return map_each_channel(std::move(images), std::move(maps));
}

void Normalizer::check_fits(const Images& images) const {
  if (!mean_.defined() && !zca_.mean.defined()) return;
  const bool whitens = zca_.mean.defined();
  const int64_t expected = whitens ? zca_.mean.numel() : mean_.numel();
  const int64_t found = whitens ? images.image_bytes() : images.channels;
  if (found != expected) {
    fail(ErrorKind::kData, "the normalisation was fitted on pictures with {} {}, these have {}",
         expected, whitens ? "values each" : "channels", found);
  }
}

std::map<std::string, Tensor> Normalizer::tensors() const {
  if (options_.method == "mean_std") return {{"mean", mean_}, {"std", std_}};
  if (options_.method == "gcn_zca") return {{"mean", zca_.mean}, {"zca", zca_.matrix}};
  return {};
}

std::map<std::string, std::string> Normalizer::settings() const {
  return {{"method", options_.method},
          {"gcn_scale", fmt::to_string(options_.gcn_scale)},
          {"gcn_min_divisor", fmt::to_string(options_.gcn_min_divisor)},
          {"zca_bias", fmt::to_string(options_.zca_bias)}};
}

}  // namespace weir
