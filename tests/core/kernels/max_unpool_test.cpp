#include <algorithm>
#include <map>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/functions/max_pool2d_indices.h"
#include "core/functions/max_unpool2d.h"
#include "tests/support/both_passes.h"
#include "tests/support/fill.h"
#include "tests/support/gradcheck.h"
#include "tests/support/message_of.h"
#include "tests/support/planes.h"

namespace weir {
namespace {

using ::testing::AllOf;
using testing::both_passes;
using ::testing::HasSubstr;
using testing::message_of;
using testing::Plane;
using testing::random_images;
using testing::stored_at;

constexpr MaxUnpool2dOptions kOptions{.kernel_size = {3, 2}, .stride = {{2, 2}}, .padding = {1, 0}};

// Indices below `pixels`, for each plane drawn anew: all different, or any. Padded rows hold
// numbers far outside.
Tensor drawn_indices(int n, int c, int h, int w, int pixels, bool distinct) {
  Tensor indices = Tensor::images(n, c, h, w, DType::kI32);
  std::fill_n(indices.data<int32_t>(), indices.stored(), 1 << 30);
  for (int image = 0; image < n; ++image) {
    for (int channel = 0; channel < c; ++channel) {
      const auto stream = static_cast<uint32_t>(image * c + channel);
      const std::vector<int> order = permutation(pixels, Philox(3, Purpose::kTest, stream));
      Philox random(4, Purpose::kTest, stream);
      for (int i = 0; i < h * w; ++i) {
        const int index = distinct ? order[static_cast<size_t>(i)]
                                   : static_cast<int>(random.below(static_cast<uint32_t>(pixels)));
        indices.panel<int32_t>(image / indices.block(), i / w,
                               i % w)[image % indices.block() * c + channel] = index;
      }
    }
  }
  return indices;
}

// A map that starts as zeros and is written to in order.
void expect_scattered(const Tensor& x, const Tensor& indices, const Tensor& dy,
                      const testing::BothPasses& found) {
  for (int n = 0; n < x.n(); ++n) {
    for (int c = 0; c < x.c(); ++c) {
      const Plane in(x, n, c), upstream(dy, n, c), out(found.y, n, c), gradient(found.dx, n, c);
      std::map<int, float> written;
      for (int row = 0; row < x.h(); ++row) {
        for (int column = 0; column < x.w(); ++column) {
          const int index = stored_at<int32_t>(indices, n, c, row, column);
          written[index] = in.at(row, column);
          ASSERT_EQ(gradient.at(row, column), upstream.at(index / dy.w(), index % dy.w()));
        }
      }
      for (int i = 0; i < dy.h() * dy.w(); ++i) {
        ASSERT_EQ(out.at(i / dy.w(), i % dy.w()), written.contains(i) ? written.at(i) : 0.f) << i;
      }
    }
  }
}

TEST(MaxUnpool, ValuesGoWhereTheirIndicesSay) {
  testing::for_each_isa([] {
    for (const auto& [n, c] : {std::pair{1, 3}, {3, 6}, {32, 1}, {33, 17}}) {
      for (const bool distinct : {true, false}) {
        // (5 - 1)*2 - 2*1 + 3 = 9 and (4 - 1)*2 - 2*0 + 2 = 8
        Tensor x = random_images(n, c, 5, 4, 1);
        testing::fill_padded_rows(x, 5.f);
        const Tensor dy = random_images(n, c, 9, 8, 2);
        const Tensor indices = drawn_indices(n, c, 5, 4, 72, distinct);
        const auto found = both_passes(
            [&](const Variable& in) { return max_unpool2d(in, indices, kOptions); }, x, dy);
        expect_scattered(x, indices, dy, found);
        testing::expect_padded_rows_zero(found.y);
        testing::expect_padded_rows_zero(found.dx);
      }
    }
  });
}

// Windows that tile lose nothing but what did not win.
TEST(MaxUnpool, UndoesAPoolingThatTiles) {
  const Tensor x = random_images(33, 6, 7, 9, 1);
  const MaxPool2dOptions pool{.kernel_size = {2, 3}};
  const MaxPooled pooled = max_pool2d_with_indices(Variable(x), pool);
  const Variable back =
      max_unpool2d(pooled.y, pooled.indices, {.kernel_size = {2, 3}, .output_size = {{7, 9}}});
  const MaxPooled again = max_pool2d_with_indices(back, pool);
  for (int n = 0; n < 33; ++n) {
    for (int c = 0; c < 6; ++c) {
      for (int i = 0; i < 9; ++i) {
        const float kept = Plane(pooled.y.value(), n, c).at(i / 3, i % 3);
        EXPECT_EQ(Plane(again.y.value(), n, c).at(i / 3, i % 3), std::max(kept, 0.f));
        const int at = stored_at<int32_t>(pooled.indices, n, c, i / 3, i % 3);
        EXPECT_EQ(Plane(back.value(), n, c).at(at / 9, at % 9), kept);
      }
    }
  }
}

// The options promise tiles; the indices keep to them in most planes, in one alone, or in none.
TEST(MaxUnpool, IndicesOutsideTheTilesOfTheOptions) {
  const Tensor x = random_images(35, 17, 5, 4, 1), dy = random_images(35, 17, 10, 8, 2);
  const MaxPooled pooled = max_pool2d_with_indices(Variable(dy), {});
  Tensor one_astray = pooled.indices.clone();
  one_astray.panel<int32_t>(1, 2, 3)[2 * 17 + 4] = 0;
  testing::for_each_isa([&] {
    for (const Tensor& indices :
         {pooled.indices, one_astray, drawn_indices(35, 17, 5, 4, 80, false)}) {
      const auto unpool = [&](const Variable& in) { return max_unpool2d(in, indices, {}); };
      const auto found = both_passes(unpool, x, dy);
      expect_scattered(x, indices, dy, found);
      testing::expect_padded_rows_zero(found.y);
      testing::expect_padded_rows_zero(found.dx);
      const auto narrow = both_passes(unpool, testing::rounded(x), testing::rounded(dy));
      testing::expect_same_bytes(narrow.y, testing::rounded(found.y));
      testing::expect_same_bytes(narrow.dx, testing::rounded(found.dx));
    }
  });
}

// 35 images leave a block of three, whose panels are not live to the end; 7 x 3 tiles of 2 x 3.
TEST(MaxUnpool, PastTheCachesTheSameValues) {
  const MaxUnpool2dOptions options{.kernel_size = {2, 3}};
  const Tensor x = random_images(35, 17, 7, 3, 1), dy = random_images(35, 17, 14, 9, 2);
  const Tensor indices = max_pool2d_with_indices(Variable(dy), {.kernel_size = {2, 3}}).indices;
  const auto unpool = [&](const Variable& in) { return max_unpool2d(in, indices, options); };
  testing::for_each_isa([&] {
    const testing::PastCaches streams;
    ASSERT_TRUE(kernels::goes_past_caches(x, dy) && kernels::goes_past_caches(dy, x));
    const auto found = both_passes(unpool, x, dy);
    expect_scattered(x, indices, dy, found);
    testing::expect_padded_rows_zero(found.y);
    testing::expect_padded_rows_zero(found.dx);
    const auto narrow = both_passes(unpool, testing::rounded(x), testing::rounded(dy));
    testing::expect_same_bytes(narrow.y, testing::rounded(found.y));
    testing::expect_same_bytes(narrow.dx, testing::rounded(found.dx));
  });
}

TEST(MaxUnpool, SizesAroundTheDefault) {
  for (const int h : {8, 9, 10}) {
    MaxUnpool2dOptions options = kOptions;
    options.output_size = {{h, 9}};
    EXPECT_EQ(unpooled_size_of(options, 5, 4), (std::array{h, 9}));
  }
  EXPECT_EQ(unpooled_size_of({}, 3, 5), (std::array{6, 10}));
}

TEST(MaxUnpool, Bfloat16MovesTheSameValues) {
  const Tensor x = testing::rounded(random_images(35, 6, 5, 4, 1));
  const Tensor dy = testing::rounded(random_images(35, 6, 9, 8, 2));
  const Tensor indices = drawn_indices(35, 6, 5, 4, 72, false);
  const auto unpool = [&](const Variable& in) { return max_unpool2d(in, indices, kOptions); };
  const auto narrow = both_passes(unpool, x, dy);
  const auto wide = both_passes(unpool, testing::widened(x), testing::widened(dy));
  testing::expect_same_bytes(narrow.y, testing::rounded(wide.y));
  testing::expect_same_bytes(narrow.dx, testing::rounded(wide.dx));
}

TEST(MaxUnpool, ThreadsDoNotChangeAByte) {
  const Tensor x = random_images(40, 17, 5, 4, 1), dy = random_images(40, 17, 9, 8, 2);
  const Tensor indices = drawn_indices(40, 17, 5, 4, 72, false);
  testing::expect_same_bytes_for_any_threads([&] {
    const auto passes =
        both_passes([&](const Variable& in) { return max_unpool2d(in, indices, kOptions); }, x, dy);
    return std::vector<Tensor>{passes.y, passes.dx};
  });
}

TEST(MaxUnpool, GradientAgreesWithDifferences) {
  const Tensor indices = drawn_indices(3, 2, 5, 4, 72, true);
  testing::gradcheck(
      [&](const std::vector<Variable>& in) { return max_unpool2d(in[0], indices, kOptions); },
      {Variable(random_images(3, 2, 5, 4, 1), true)});
}

TEST(MaxUnpool, ErrorsNameTheNumbers) {
  const Variable x(Tensor::images_zeros(2, 3, 5, 4));
  const Tensor indices = drawn_indices(2, 3, 5, 4, 72, true);
  const auto error = [&](const Tensor& given, const MaxUnpool2dOptions& options) {
    return message_of([&] { max_unpool2d(x, given, options); });
  };
  EXPECT_THAT(error({}, kOptions),
              HasSubstr("expected I32 images (2, 3, 5, 4), as x, got nothing"));
  EXPECT_THAT(error(drawn_indices(2, 3, 4, 5, 72, true), kOptions), HasSubstr("(2, 3, 4, 5)"));
  EXPECT_THAT(error(Tensor::images_zeros(2, 3, 5, 4), kOptions), HasSubstr("got F32 images"));
  MaxUnpool2dOptions far = kOptions;
  far.output_size = {{11, 8}};
  EXPECT_THAT(error(indices, far),
              AllOf(HasSubstr("height: expected an output_size between 8 and 10"),
                    HasSubstr("(5 - 1)*2 - 2*1 + 3 = 9; got 11")));
  far.output_size = {{9, 6}};
  EXPECT_THAT(error(indices, far), HasSubstr("width: expected an output_size between 7 and 9"));
  EXPECT_THAT(error(indices, {.kernel_size = {2, 0}}), HasSubstr("kernel_size 0"));
  Tensor wrong = indices.clone();
  wrong.panel<int32_t>(0, 4, 1)[1 * 3 + 2] = 72;
  EXPECT_THAT(error(wrong, kOptions),
              HasSubstr("expected 0 to 71 for an output of 9 x 8, got 72 at image 1, channel 2, "
                        "pixel (4, 1)"));
  wrong.panel<int32_t>(0, 0, 3)[1] = -1;
  EXPECT_THAT(error(wrong, kOptions), HasSubstr("got -1 at image 0, channel 1, pixel (0, 3)"));
}

}  // namespace
}  // namespace weir
