#include "train/bench/batch_source.h"

namespace weir {

SameBatch::SameBatch(Loader& loader) {
  loader.start_epoch(0);
  loader.next(batch_);
}

LoadedBatches::LoadedBatches(Loader& loader) : loader_(loader) { loader_.start_epoch(epoch_); }

const Batch& LoadedBatches::next() {
  if (!loader_.next(batch_)) {
    loader_.start_epoch(++epoch_);
    loader_.next(batch_);
  }
  return batch_;
}

}  // namespace weir
