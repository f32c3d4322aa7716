#include "datasets/loader.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include <gtest/gtest.h>

#include "core/tensor/layout.h"
#include "datasets/normalize.h"
#include "tests/datasets/expect_error.h"
#include "tests/datasets/random_images.h"

namespace weir {
namespace {

using testing_support::expect_error;
using testing_support::random_images;

std::unique_ptr<NormalizedImages> pictures(int count, int channels = 3, int height = 5,
                                           int width = 7) {
  const Images images = random_images(count, channels, height, width);
  return Normalizer::fit(images, {.method = "none"}).apply(images);
}

AugmentOptions everything() {
  return {.hflip = 0.5f, .crop_padding = 2, .translate = 1, .cutout = 2};
}

struct Epoch {
  std::vector<int> indices, sizes;
  std::vector<std::vector<float>> images;  // NCHW, one entry for each batch
};

Epoch run(Loader& loader, int epoch, int first_batch = 0) {
  Epoch result;
  Batch batch;
  loader.start_epoch(epoch, first_batch);
  while (loader.next(batch)) {
    EXPECT_EQ(batch.images.n(), static_cast<int>(batch.indices.size()));
    EXPECT_EQ(batch.labels.size(), batch.indices.size());
    result.indices.insert(result.indices.end(), batch.indices.begin(), batch.indices.end());
    result.sizes.push_back(batch.images.n());
    result.images.push_back(nchw_from_images(batch.images));
  }
  EXPECT_FALSE(loader.next(batch));
  return result;
}

Epoch run(const NormalizedImages& images, const LoaderOptions& options, int epoch = 0,
          int first_batch = 0) {
  Loader loader(images, options);
  return run(loader, epoch, first_batch);
}

std::vector<int> counting(int count) {
  std::vector<int> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  return order;
}

struct SizeCase {
  int count, batch_size;
  std::vector<int> sizes;
};

TEST(Loader, BatchSizes) {
  const std::vector<SizeCase> cases = {
      {3, 1, {1, 1, 1}},  {10, 4, {4, 4, 2}}, {70, 33, {33, 33, 4}},
      {64, 32, {32, 32}}, {40, 128, {40}},    {101, 100, {100, 1}},
  };
  for (const SizeCase& c : cases) {
    const auto images = pictures(c.count);
    Loader loader(*images, {.batch_size = c.batch_size});
    const Epoch epoch = run(loader, 0);
    EXPECT_EQ(epoch.sizes, c.sizes);
    EXPECT_EQ(epoch.indices, counting(c.count));
    EXPECT_EQ(loader.batches(), static_cast<int>(c.sizes.size()));
  }
}

TEST(Loader, DropLastLeavesOutThePartialBatch) {
  const auto images = pictures(70);
  Loader loader(*images, {.batch_size = 33, .drop_last = true});
  EXPECT_EQ(loader.batches(), 2);
  EXPECT_EQ(run(loader, 0).sizes, (std::vector<int>{33, 33}));
}

TEST(Loader, GivesPicturesAndLabelsOfTheIndices) {
  const auto images = pictures(37, 4, 3, 6);
  Loader loader(*images, {.batch_size = 35, .shuffle = true, .seed = 8});
  loader.start_epoch(0);
  Batch batch;
  ASSERT_TRUE(loader.next(batch));
  const std::vector<float> values = nchw_from_images(batch.images);
  for (size_t i = 0; i < 35; ++i) {
    const int index = batch.indices[i];
    EXPECT_EQ(batch.labels[i], images->label(index));
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(i * 72);
    EXPECT_EQ(std::vector<float>(begin, begin + 72), images->image(index));
  }
}

// Leaves memory that is not zero to whoever asks for such tensors next.
void leave_traces(int n, int c, int h, int w) {
  std::vector<Tensor> tensors;
  for (int i = 0; i < 4; ++i) {
    tensors.push_back(Tensor::images(n, c, h, w));
    std::fill_n(tensors.back().data(), tensors.back().stored(), 1.0f);
  }
}

TEST(Loader, PaddedRowsAreZero) {
  const auto images = pictures(37);
  leave_traces(37, 3, 5, 7);
  Loader loader(*images, {.batch_size = 37, .augment = everything()});
  for (int epoch = 0; epoch < 3; ++epoch) {
    loader.start_epoch(epoch);
    Batch batch;
    ASSERT_TRUE(loader.next(batch));
    ASSERT_EQ(batch.images.blocks(), 2);
    for (int y = 0; y < 5; ++y) {
      for (int x = 0; x < 7; ++x) {
        const float* panel = batch.images.panel(1, y, x);
        EXPECT_TRUE(std::all_of(panel + 5 * 3, panel + 32 * 3, [](float v) { return v == 0; }));
      }
    }
  }
}

TEST(Loader, EveryEpochIsAnotherPermutation) {
  const auto images = pictures(50);
  Loader loader(*images, {.batch_size = 8, .shuffle = true, .seed = 3});
  const std::vector<int> first = run(loader, 0).indices, second = run(loader, 1).indices;
  EXPECT_NE(first, second);
  EXPECT_EQ(run(loader, 0).indices, first);
  for (std::vector<int> order : {first, second}) {
    std::sort(order.begin(), order.end());
    EXPECT_EQ(order, counting(50));
  }
  EXPECT_EQ(run(*images, {.batch_size = 8, .shuffle = true, .seed = 3}).indices, first);
  EXPECT_NE(run(*images, {.batch_size = 8, .shuffle = true, .seed = 4}).indices, first);
}

TEST(Loader, AnyNumberOfThreadsGivesTheSameBatches) {
  const auto images = pictures(90, 3, 9, 11);
  const LoaderOptions options{
      .batch_size = 40, .shuffle = true, .seed = 5, .augment = everything()};
  set_threads(1);
  const Epoch one = run(*images, options, 2);
  for (const int count : {2, 4}) {
    set_threads(count);
    EXPECT_EQ(run(*images, options, 2).images, one.images) << count << " threads";
  }
  set_threads(0);
}

TEST(Loader, StartInTheMiddleGivesTheTailOfTheEpoch) {
  const auto images = pictures(50);
  const LoaderOptions options{.batch_size = 8, .shuffle = true, .seed = 5, .augment = everything()};
  const Epoch whole = run(*images, options, 4);
  for (const int first : {1, 5, 6, 7}) {
    const Epoch tail = run(*images, options, 4, first);
    ASSERT_EQ(tail.images.size(), static_cast<size_t>(7 - first));
    EXPECT_TRUE(std::equal(tail.images.begin(), tail.images.end(), whole.images.begin() + first));
  }
}

// Pictures by index, whatever batch they came in.
std::vector<std::vector<float>> by_index(const Epoch& epoch, size_t picture_size) {
  std::vector<float> values;
  for (const auto& batch : epoch.images) values.insert(values.end(), batch.begin(), batch.end());
  std::vector<std::vector<float>> result(epoch.indices.size());
  for (size_t i = 0; i < result.size(); ++i) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(i * picture_size);
    result[static_cast<size_t>(epoch.indices[i])].assign(
        begin, begin + static_cast<std::ptrdiff_t>(picture_size));
  }
  return result;
}

TEST(Loader, AugmentationDependsOnEpochAndPictureOnly) {
  const auto images = pictures(45);
  LoaderOptions options{.batch_size = 45, .seed = 6, .augment = everything()};
  const auto together = by_index(run(*images, options, 1), 105);
  EXPECT_NE(by_index(run(*images, options, 2), 105), together);
  options.batch_size = 7;
  options.shuffle = true;
  EXPECT_EQ(by_index(run(*images, options, 1), 105), together);
  options.seed = 7;
  EXPECT_NE(by_index(run(*images, options, 1), 105), together);
}

TEST(Loader, AnEpochCanBeLeftUnfinished) {
  const auto images = pictures(50);
  const LoaderOptions options{.batch_size = 8, .shuffle = true, .seed = 5};
  Loader loader(*images, options);
  Batch batch;
  loader.start_epoch(0);
  ASSERT_TRUE(loader.next(batch));
  EXPECT_EQ(run(loader, 1).indices, run(*images, options, 1).indices);
  loader.start_epoch(2);  // and destroyed while a batch is being assembled
}

TEST(Loader, MeasuresTheTimeSpentWaiting) {
  const auto images = pictures(40);
  Loader loader(*images, {.batch_size = 8});
  EXPECT_EQ(loader.wait_seconds(), 0);
  run(loader, 0);
  EXPECT_GT(loader.wait_seconds(), 0);
}

// Fails when picture 20 is read.
class Broken : public NormalizedImages {
 public:
  int count() const override { return 40; }
  int channels() const override { return 1; }
  int height() const override { return 2; }
  int width() const override { return 3; }
  int label(int) const override { return 0; }
  void row(int image, int, int, float* out) const override {
    if (image == 20) throw std::runtime_error("picture 20 is broken");
    std::fill_n(out, 3, 1.0f);
  }
};

TEST(Loader, ErrorsWhileAssemblingSurfaceInNext) {
  const Broken images;
  Loader loader(images, {.batch_size = 8});
  Batch batch;
  loader.start_epoch(0);
  EXPECT_TRUE(loader.next(batch));
  EXPECT_TRUE(loader.next(batch));
  EXPECT_THROW(loader.next(batch), std::runtime_error);
  EXPECT_FALSE(loader.next(batch));
  loader.start_epoch(0, 3);
  EXPECT_TRUE(loader.next(batch));
  loader.start_epoch(0, 2);
  loader.start_epoch(0, 4);  // the batch that failed is not wanted any more
  EXPECT_TRUE(loader.next(batch));
  loader.start_epoch(0, 2);  // destroyed with the error pending
}

TEST(Loader, RefusesBadOptions) {
  const auto images = pictures(10);
  const auto refuses = [&](const LoaderOptions& options, const char* part) {
    expect_error([&] { Loader(*images, options); }, ErrorKind::kUsage, {part});
  };
  refuses({.batch_size = 0}, "batch_size must be 1 or more, got 0");
  refuses({.batch_size = -3}, "got -3");
  refuses({.batch_size = 11, .drop_last = true}, "drop_last leaves no batch");
  refuses({.augment = {.hflip = 2}}, "hflip");
}

TEST(Loader, RefusesAnEmptySet) {
  const auto none = Normalizer::fit(random_images(1, 3, 2, 2), {}).apply({});
  expect_error([&] { Loader(*none, {}); }, ErrorKind::kData, {"no pictures"});
}

TEST(Loader, RefusesToStartOutsideTheEpoch) {
  const auto images = pictures(10);
  Loader loader(*images, {.batch_size = 4});
  for (const int first : {-1, 4}) {
    expect_error([&] { loader.start_epoch(0, first); }, ErrorKind::kUsage, {"have 3 batches"});
  }
  expect_error([&] { loader.start_epoch(-1); }, ErrorKind::kUsage, {"epoch -1"});
}

}  // namespace
}  // namespace weir
