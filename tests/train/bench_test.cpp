#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "train/bench/batch_source.h"
#include "train/bench/median.h"
#include "train/bench/step_rate.h"
#include "train/bench/synthetic_pictures.h"
#include "train/trainer/prepared_data.h"

namespace weir {
namespace {

using ::testing::ElementsAre;

TEST(Median, IsTheMiddle) {
  EXPECT_EQ(median_of({3, 100, 1}), 3);
  EXPECT_EQ(median_of({8, 1, 2, 4}), 3);  // between 2 and 4
  EXPECT_EQ(median_of({5}), 5);
}

TEST(StepRate, SpreadIsRelativeToTheMedian) {
  const StepRate rate{.slices = {90, 100, 120}};
  EXPECT_EQ(rate.median(), 100);
  EXPECT_DOUBLE_EQ(rate.spread(), 0.3);
}

Config small_config() {
  Config config;
  config.data.batch_size = 5;
  config.data.val_split = 0;
  config.model.num_classes = 3;
  return config;
}

TEST(SyntheticPictures, AreOneBatchOfTheConfiguredSize) {
  Config config = small_config();
  config.data.name = "image_folder";
  config.data.image_size = 7;
  const Dataset set = make_synthetic_pictures(config);
  EXPECT_THAT(set.train.labels, ElementsAre(0, 1, 2, 0, 1));
  EXPECT_EQ(set.train.pixels.size(), 5u * 3 * 7 * 7);
  EXPECT_EQ(set.classes.size(), 3u);
}

TEST(BatchSource, LoadedBatchesGoOnInTheNextEpoch) {
  const Config config = small_config();
  Config loader_config = config;
  loader_config.data.batch_size = 3;  // of 5 pictures: 3 and 2
  const PreparedData data = prepare_data(make_synthetic_pictures(config), loader_config);
  const auto loader = training_loader(data, loader_config);
  LoadedBatches batches(*loader);
  std::vector<size_t> sizes;
  for (int i = 0; i < 5; ++i) sizes.push_back(batches.next().labels.size());
  EXPECT_THAT(sizes, ElementsAre(3, 2, 3, 2, 3));
}

TEST(BatchSource, SameBatchStays) {
  const Config config = small_config();
  const PreparedData data = prepare_data(make_synthetic_pictures(config), config);
  const auto loader = training_loader(data, config);
  SameBatch batches(*loader);
  const std::vector<int> first = batches.next().indices;
  EXPECT_EQ(first.size(), 5u);
  EXPECT_EQ(batches.next().indices, first);
  EXPECT_EQ(batches.wait_seconds(), 0);
}

}  // namespace
}  // namespace weir
