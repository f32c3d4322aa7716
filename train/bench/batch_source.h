// Where a benchmark takes its batches from.
#pragma once

#include "datasets/loader.h"

namespace weir {

class BatchSource {
 public:
  virtual ~BatchSource() = default;
  virtual const Batch& next() = 0;
  // Spent in next() waiting for pictures, since construction.
  virtual double wait_seconds() const { return 0; }
};

// The loader's first batch again and again: the step alone.
class SameBatch : public BatchSource {
 public:
  explicit SameBatch(Loader& loader);
  const Batch& next() override { return batch_; }

 private:
  Batch batch_;
};

// Epoch after epoch, as training reads them.
class LoadedBatches : public BatchSource {
 public:
  explicit LoadedBatches(Loader& loader);
  const Batch& next() override;
  double wait_seconds() const override { return loader_.wait_seconds(); }

 private:
  Loader& loader_;
  int epoch_ = 0;
  Batch batch_;
};

}  // namespace weir
