// Batches of pictures, in random order, changed at random, assembled while the step before
// computes.
#pragma once

#include <cstdint>
#include <vector>

#include "core/runtime/parallel.h"
#include "core/tensor/tensor.h"
#include "datasets/augment.h"
#include "datasets/normalized_images.h"

namespace weir {

struct Batch {
  Tensor images;             // (N, C, H, W) in image blocks; the padded rows are zero
  std::vector<int> labels;   // N
  std::vector<int> indices;  // N: which pictures of the set
};

struct LoaderOptions {
  int batch_size = 128;
  bool shuffle = false;
  bool drop_last = false;  // leave out the last batch of an epoch when it is not full
  uint64_t seed = 0;       // of the order and of the augmentation
  AugmentOptions augment;
  DType type = DType::kF32;  // what Batch::images is stored as: F32 or BF16
};

// loader.start_epoch(epoch);
// while (loader.next(batch)) step(batch);
//
// The content of batch k of epoch e depends on (set, options, e, k) only.
class Loader {
 public:
  // `images` must outlive the loader. Throws kUsage for bad options, kData for an empty set.
  Loader(const NormalizedImages& images, LoaderOptions options);

  // Begins an epoch at batch `first_batch` (for resuming in the middle). An unfinished epoch ends.
  void start_epoch(int epoch, int first_batch = 0);
  // The next batch, or false at the end of the epoch and before the first. Rethrows what went wrong
  // while assembling it; the epoch is over then.
  bool next(Batch& batch);

  int batches() const;  // in an epoch
  int count() const { return images_.count(); }
  // Time spent in next() waiting for data since construction.
  double wait_seconds() const { return wait_seconds_; }

 private:
  void assemble_ahead();
  void abandon_ahead();

  const NormalizedImages& images_;
  LoaderOptions options_;
  std::vector<int> order_;
  int epoch_ = 0, upcoming_ = 0;  // upcoming_: the batch that next() returns
  bool is_assembling_ = false;
  double wait_seconds_ = 0;
  Batch ahead_;            // written by background_
  Background background_;  // last, so that it is finished before what it uses goes away
};

}  // namespace weir
