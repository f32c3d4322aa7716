// From bytes to the numbers that a network learns well from. What is learned from the data (mean,
// standard deviation, whitening matrix) is learned from the training pictures only and travels with
// the checkpoint.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/tensor/tensor.h"
#include "datasets/dataset.h"
#include "datasets/normalized_images.h"
#include "datasets/zca.h"

namespace weir {

struct NormalizeOptions {
  // none:     x / 255
  // mean_std: (x / 255 - mean) / std, for each channel, over all training pixels
  // gcn:      global contrast normalisation of x in 0..255, each picture by itself (gcn.h)
  // gcn_zca:  gcn, then ZCA whitening of the whole picture as one vector (zca.h)
  std::string method = "mean_std";
  float gcn_scale = 55;
  float gcn_min_divisor = 1e-8f;
  float zca_bias = 0.1f;
};

// The names that `method` may have.
std::span<const std::string> normalize_methods();

// Throws kUsage: unknown method (with the nearest one), a scale or divisor that is not positive, a
// negative bias.
void check(const NormalizeOptions& options);

class Normalizer {
 public:
  // Learns from the training pictures. The whitening of gcn_zca is cached on disk under a key made
  // of the pictures and the options (zca_cache.h). Throws kUsage for bad options, kData for an
  // empty set.
  static Normalizer fit(const Images& train, const NormalizeOptions& options);
  // The inverse of tensors() and settings(). Throws kData when something is missing, misshapen or
  // out of range.
  static Normalizer restore(const std::map<std::string, Tensor>& tensors,
                            const std::map<std::string, std::string>& settings);

  // Takes the pictures over. gcn_zca whitens all of them now (a float each: four times the memory);
  // the others convert while they are read. Throws kData when channels or sizes differ from what
  // was fitted.
  std::unique_ptr<NormalizedImages> apply(Images images) const;

  const NormalizeOptions& options() const { return options_; }
  // What was learned. mean_std: "mean" (C), "std" (C), of x / 255. gcn_zca: "mean" (D) and
  // "zca" (D, D) with D = C*H*W. Otherwise nothing.
  std::map<std::string, Tensor> tensors() const;
  // The options, as text that restore() reads back exactly.
  std::map<std::string, std::string> settings() const;

 private:
  explicit Normalizer(NormalizeOptions options) : options_(std::move(options)) {}
  void check_fits(const Images& images) const;

  NormalizeOptions options_;
  Tensor mean_, std_;  // mean_std only
  Zca zca_;            // gcn_zca only
};

}  // namespace weir
