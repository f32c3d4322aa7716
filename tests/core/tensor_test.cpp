#include "core/tensor/tensor.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/tensor/layout.h"
#include "tests/support/fill.h"

namespace weir {
namespace {

TEST(Shape, CountsAndPrints) {
  EXPECT_EQ((Shape{2, 3, 5}).numel(), 30);
  EXPECT_EQ(Shape{}.numel(), 1);
  EXPECT_EQ((Shape{128, 3, 32, 32}).str(), "(128, 3, 32, 32)");
  EXPECT_THROW((Shape{1, 2, 3, 4, 5}), Error);
  EXPECT_THROW((Shape{-1}), Error);
}

TEST(Tensor, BlocksFollowTheBatch) {
  EXPECT_EQ(Tensor::images(5, 3, 2, 2).block(), 5);
  EXPECT_EQ(Tensor::images(32, 3, 2, 2).blocks(), 1);
  const Tensor odd = Tensor::images(40, 3, 2, 2);
  EXPECT_EQ(odd.block(), 32);
  EXPECT_EQ(odd.blocks(), 2);
  EXPECT_EQ(odd.live_rows(0), 32);
  EXPECT_EQ(odd.live_rows(1), 8);
  EXPECT_EQ(odd.stored(), 2 * 32 * 3 * 4);
  EXPECT_EQ(odd.numel(), 40 * 3 * 4);
}

TEST(Tensor, PanelsAreImagesByChannels) {
  // Value n*1000 + c*100 + y*10 + x, so that each position is known.
  const int n = 33, c = 2, h = 3, w = 4;
  std::vector<float> values;
  for (int in = 0; in < n; ++in)
    for (int ic = 0; ic < c; ++ic)
      for (int y = 0; y < h; ++y)
        for (int x = 0; x < w; ++x)
          values.push_back(static_cast<float>(in * 1000 + ic * 100 + y * 10 + x));
  const Tensor images = images_from_nchw(values.data(), n, c, h, w);
  EXPECT_EQ(images.panel(0, 2, 3)[5 * c + 1], 5123.f);
  EXPECT_EQ(images.panel(1, 1, 0)[0 * c + 0], 32010.f);
  EXPECT_EQ(images.panel(1, 1, 0)[1 * c + 0], 0.f) << "padded rows are zero";
  EXPECT_EQ(nchw_from_images(images), values);
}

TEST(Tensor, Bfloat16ImagesTakeHalfTheMemory) {
  const Tensor floats = testing::random_images(35, 3, 2, 4, 1);
  const Tensor halves = testing::rounded(floats);
  EXPECT_EQ(halves.shape(), floats.shape());
  EXPECT_EQ(halves.block(), floats.block());
  EXPECT_EQ(2 * halves.bytes(), floats.bytes());
  EXPECT_EQ(to_float(halves.panel<bfloat16>(1, 1, 2)[4]),
            to_float(to_bfloat16(floats.panel(1, 1, 2)[4])));
  EXPECT_EQ(nchw_from_images(halves), nchw_from_images(testing::widened(halves)));
}

TEST(Tensor, PaddedRowsAreClearedInBothTypes) {
  for (Tensor images :
       {Tensor::images(5 + 32, 3, 2, 2), Tensor::images(5 + 32, 3, 2, 2, DType::kBF16)}) {
    std::memset(images.data<std::byte>(), 0x3F, images.bytes());
    clear_padded_rows(images);
    const Tensor floats = images.dtype() == DType::kF32 ? images : testing::widened(images);
    for (int64_t i = 0; i < floats.panel_size(); ++i) {
      EXPECT_EQ(floats.panel(1, 1, 0)[i] == 0.f, i >= 5 * 3);
      EXPECT_NE(floats.panel(0, 1, 1)[i], 0.f);
    }
  }
}

TEST(Tensor, CopiesShareAndClonesDoNot) {
  Tensor a = Tensor::full({2, 3}, 1.f);
  Tensor shared = a, cloned = a.clone();
  a.data()[0] = 7.f;
  EXPECT_EQ(shared.data()[0], 7.f);
  EXPECT_EQ(cloned.data()[0], 1.f);
  EXPECT_FALSE(a.unshared());
  EXPECT_TRUE(cloned.unshared());
  shared = Tensor();
  EXPECT_TRUE(a.unshared());
  EXPECT_FALSE(Tensor().unshared());
}

TEST(Tensor, ReshapeChecksTheCount) {
  const Tensor a = Tensor::zeros({2, 6});
  EXPECT_EQ(a.reshape({3, 4}).shape(), (Shape{3, 4}));
  EXPECT_THROW(a.reshape({5}), Error);
  EXPECT_THROW(Tensor::images(1, 1, 2, 2).reshape({4}), Error);
}

TEST(Tensor, ItemNeedsOneNumber) {
  EXPECT_EQ(Tensor::full({1}, 3.f).item(), 3.f);
  EXPECT_THROW(Tensor::full({2}, 3.f).item(), Error);
}

TEST(Tensor, RefusesImpossibleSizes) {
  EXPECT_THROW(Tensor::images(0, 3, 4, 4), Error);
  EXPECT_THROW(Tensor::from({1.f, 2.f}, {3}), Error);
}

}  // namespace
}  // namespace weir
