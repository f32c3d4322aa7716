#include "datasets/loader.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/stopwatch.h"
#include "core/runtime/philox.h"
#include "datasets/assemble.h"

namespace weir {
namespace {

std::vector<int> order_of_epoch(int count, const LoaderOptions& options, int epoch) {
  if (options.shuffle) {
    return permutation(count,
                       Philox(options.seed, Purpose::kShuffle, static_cast<uint32_t>(epoch)));
  }
  std::vector<int> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  return order;
}

std::vector<Placement> draw_placements(const NormalizedImages& images, std::span<const int> indices,
                                       const LoaderOptions& options, int epoch) {
  std::vector<Placement> placements;
  if (!options.augment.any()) return placements;
  placements.reserve(indices.size());
  for (const int i : indices) {
    const Philox random(options.seed, Purpose::kAugment, static_cast<uint32_t>(epoch),
                        static_cast<uint32_t>(i));
    placements.push_back(draw_placement(options.augment, images.height(), images.width(), random));
  }
  return placements;
}

Batch make_batch(const NormalizedImages& images, std::span<const int> indices,
                 const LoaderOptions& options, int epoch) {
  Batch batch;
  batch.indices.assign(indices.begin(), indices.end());
  for (const int i : indices) batch.labels.push_back(images.label(i));
  batch.images =
      assemble(images, indices, draw_placements(images, indices, options, epoch), options.type);
  return batch;
}

}  // namespace

Loader::Loader(const NormalizedImages& images, LoaderOptions options)
    : images_(images), options_(std::move(options)) {
  require(options_.batch_size >= 1, "batch_size must be 1 or more, got {}", options_.batch_size);
  require(is_floating(options_.type), "batches are stored as F32 or BF16, got {}",
          name_of(options_.type));
  check(options_.augment, images.height(), images.width());
  if (images.count() == 0) fail(ErrorKind::kData, "the set has no pictures to make batches of");
  require(batches() > 0, "drop_last leaves no batch: batch_size {} is more than the {} pictures",
          options_.batch_size, images.count());
}

int Loader::batches() const {
  const int full = count() / options_.batch_size;
  const bool has_rest = count() % options_.batch_size != 0;
  return full + (has_rest && !options_.drop_last ? 1 : 0);
}

void Loader::start_epoch(int epoch, int first_batch) {
  require(epoch >= 0 && first_batch >= 0 && first_batch <= batches(),
          "cannot start epoch {} at batch {}: epochs start at 0 and have {} batches", epoch,
          first_batch, batches());
  abandon_ahead();
  epoch_ = epoch;
  upcoming_ = first_batch;
  order_ = order_of_epoch(count(), options_, epoch);
  assemble_ahead();
}

bool Loader::next(Batch& batch) {
  if (!is_assembling_) return false;
  is_assembling_ = false;
  const Stopwatch watch;
  background_.wait();
  wait_seconds_ += watch.seconds();
  batch = std::exchange(ahead_, {});
  ++upcoming_;
  assemble_ahead();
  return true;
}

void Loader::assemble_ahead() {
  if (upcoming_ == batches()) return;
  is_assembling_ = true;
  background_.start([this] {
    const auto first = static_cast<size_t>(upcoming_) * static_cast<size_t>(options_.batch_size);
    const size_t size = std::min(static_cast<size_t>(options_.batch_size), order_.size() - first);
    ahead_ = make_batch(images_, std::span(order_).subspan(first, size), options_, epoch_);
  });
}

void Loader::abandon_ahead() {
  if (!std::exchange(is_assembling_, false)) return;
  try {
    background_.wait();
  } catch (const std::exception& error) {
    log_debug("a batch that nobody needs any more failed: {}", error.what());
  }
}

}  // namespace weir
