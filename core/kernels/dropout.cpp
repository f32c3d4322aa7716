#include "core/kernels/dropout.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/runtime/parallel.h"
#include "core/runtime/philox.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/dropout.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

#ifndef WEIR_CORE_KERNELS_DROPOUT_ONCE
#define WEIR_CORE_KERNELS_DROPOUT_ONCE
namespace weir::kernels {

constexpr int kDecisions = 8;  // 16 bits each, of a Philox block

// The Philox counters of a piece of work: block i is {element[i], image[i], step, purpose}.
// 64-bit elements hold 32-bit numbers, which is how vectors multiply them.
struct DropoutBlocks {
  int64_t count;
  const uint64_t *element, *image;
  uint32_t step, purpose;
  std::array<uint32_t, 2> key;
};

}  // namespace weir::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

inline void draw_one(const DropoutBlocks& blocks, int64_t i, uint16_t* out) {
  const PhiloxBlock words =
      philox4x32({static_cast<uint32_t>(blocks.element[i]), static_cast<uint32_t>(blocks.image[i]),
                  blocks.step, blocks.purpose},
                 blocks.key);
  for (size_t j = 0; j < kDecisions; ++j) {
    out[j] = static_cast<uint16_t>(words[j / 2] >> (j % 2 * 16));
  }
}

#if HWY_TARGET != HWY_SCALAR
// As philox4x32(), one block in each 64-bit lane. The upper halves hold leftovers during the
// rounds: the 32 x 32 multiplication does not read them.
int64_t draw_vectors(const DropoutBlocks& blocks, uint16_t* out) {
  const hn::ScalableTag<uint64_t> d;
  const hn::Repartition<uint32_t, decltype(d)> halves;
  const auto multiply = [&](auto a, uint64_t by) HWY_ATTR {
    return hn::MulEven(hn::BitCast(halves, a), hn::BitCast(halves, hn::Set(d, by)));
  };
  const int64_t width = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + width <= blocks.count; i += width) {
    auto c0 = hn::LoadU(d, blocks.element + i), c1 = hn::LoadU(d, blocks.image + i);
    auto c2 = hn::Set(d, uint64_t{blocks.step}), c3 = hn::Set(d, uint64_t{blocks.purpose});
    uint32_t key0 = blocks.key[0], key1 = blocks.key[1];
    for (int round = 0; round < 10; ++round, key0 += 0x9E3779B9, key1 += 0xBB67AE85) {
      const auto product0 = multiply(c0, 0xD2511F53), product1 = multiply(c2, 0xCD9E8D57);
      c0 = hn::Xor(hn::Xor(hn::ShiftRight<32>(product1), c1), hn::Set(d, uint64_t{key0}));
      c2 = hn::Xor(hn::Xor(hn::ShiftRight<32>(product0), c3), hn::Set(d, uint64_t{key1}));
      c1 = product1;
      c3 = product0;
    }
    const auto low = hn::Set(d, uint64_t{0xFFFFFFFF});
    const auto words01 = hn::Or(hn::And(c0, low), hn::ShiftLeft<32>(c1));
    const auto words23 = hn::Or(hn::And(c2, low), hn::ShiftLeft<32>(c3));
    hn::StoreInterleaved2(words01, words23, d, reinterpret_cast<uint64_t*>(out + i * kDecisions));
  }
  return i;
}
#endif

// kDecisions numbers for each block, in order. `out` is aligned as heap memory is.
void draw(const DropoutBlocks& blocks, uint16_t* out) {
  int64_t done = 0;
#if HWY_TARGET != HWY_SCALAR
  done = draw_vectors(blocks, out);
#endif
  for (; done < blocks.count; ++done) draw_one(blocks, done, out + done * kDecisions);
}

// out = in * scale where the random number reaches the threshold, else 0.
template <class T>
void keep_or_drop(const T* in, const uint16_t* random, int64_t count, int threshold, float scale,
                  T* out) {
  for_lanes(0, count, [=]<class D>(D d, int64_t i) HWY_ATTR {
    using V = Lanes<D>;
    const hn::Rebind<uint16_t, D> shorts;
    const hn::RebindToSigned<D> integers;
    const auto drawn = hn::PromoteTo(integers, hn::LoadU(shorts, random + i));
    const auto dropped = hn::Lt(drawn, hn::Set(integers, threshold));
    const V kept = V::load(in + i) * V(scale);
    select(hn::RebindMask(d, dropped), V(0.f), kept).store(out + i);
  });
}

// The same for `count` stored elements of tensors, from number `at`.
void keep_or_drop_elements(const Tensor& in, const uint16_t* random, int64_t at, int64_t count,
                           int threshold, float scale, Tensor& out) {
  with_storage(in.dtype(), [&]<class T>(T) HWY_ATTR {
    keep_or_drop(in.data<T>() + at, random, count, threshold, scale, out.data<T>() + at);
  });
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {
namespace {

HWY_EXPORT(draw);
HWY_EXPORT(keep_or_drop_elements);

// The random numbers of one panel: row r, channels 8g .. 8g + 7 take the Philox block
// {pixel * groups + g, image, step, purpose}. Rows start at a block, so that neither the position
// of an image in its panel nor the number of rows matters.
class PanelRandom {
 public:
  PanelRandom(const DropoutStream& stream, const Tensor& images)
      : groups_(static_cast<size_t>(images.c() + kDecisions - 1) / kDecisions),
        element_(static_cast<size_t>(images.block()) * groups_),
        image_(element_.size()),
        random_(element_.size() * kDecisions),
        blocks_{
            .count = static_cast<int64_t>(element_.size()),
            .element = element_.data(),
            .image = image_.data(),
            .step = stream.step,
            .purpose = static_cast<uint32_t>(Purpose::kDropout) | stream.layer << 8,
            .key = {static_cast<uint32_t>(stream.seed), static_cast<uint32_t>(stream.seed >> 32)}} {
  }
  PanelRandom(const PanelRandom&) = delete;  // blocks_ points into the vectors
  PanelRandom& operator=(const PanelRandom&) = delete;

  // Numbers from one row to the next.
  int64_t stride() const { return static_cast<int64_t>(groups_) * kDecisions; }
  const uint16_t* draw_panel(int64_t first_image, int64_t pixel) {
    for (size_t i = 0; i < element_.size(); ++i) {
      element_[i] = static_cast<uint64_t>(pixel) * groups_ + i % groups_;
      image_[i] = static_cast<uint64_t>(first_image) + i / groups_;
    }
    HWY_DYNAMIC_DISPATCH(draw)(blocks_, random_.data());
    return random_.data();
  }

 private:
  size_t groups_;
  std::vector<uint64_t> element_, image_;
  std::vector<uint16_t> random_;
  DropoutBlocks blocks_;
};

}  // namespace

void dropout_apply(const DropoutStream& stream, const Tensor& in, Tensor& out) {
  const int threshold = std::min(static_cast<int>(std::lround(double{stream.p} * 65536)), 65535);
  const float scale = 1.f / (1.f - stream.p);
  const int64_t pixels = int64_t{in.h()} * in.w();
  parallel_ranges(in.blocks() * pixels, in.w(), [&](int64_t begin, int64_t end) {
    PanelRandom random(stream, in);
    const bool gapless = random.stride() == in.c();  // then a panel is one row
    const int64_t rows = gapless ? 1 : in.block(), length = in.panel_size() / rows;
    for (int64_t p = begin; p < end; ++p) {
      const uint16_t* drawn = random.draw_panel(p / pixels * in.block(), p % pixels);
      for (int64_t r = 0; r < rows; ++r) {
        const int64_t at = p * in.panel_size() + r * length;
        HWY_DYNAMIC_DISPATCH(keep_or_drop_elements)
        (in, drawn + r * random.stride(), at, length, threshold, scale, out);
      }
    }
  });
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
