#include "core/kernels/dropout_random.h"

#include <array>

#include "core/runtime/philox.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/dropout_random.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, once for each instruction set.
#include "core/kernels/simd-inl.h"

#ifndef WEIR_CORE_KERNELS_DROPOUT_RANDOM_ONCE
#define WEIR_CORE_KERNELS_DROPOUT_RANDOM_ONCE
namespace weir::kernels {

// The Philox counters of a panel: block i is {element + group[i], image + row[i], step, purpose}.
// 64-bit lanes hold 32-bit numbers, which is how vectors multiply them.
struct DropoutBlocks {
  int64_t count;
  const uint64_t *group, *row;
  uint64_t element, image;
  uint32_t step, purpose;
  std::array<uint32_t, 2> key;
};

}  // namespace weir::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace weir::kernels::HWY_NAMESPACE {

inline void draw_one(const DropoutBlocks& blocks, int64_t i, uint16_t* out) {
  const PhiloxBlock words =
      philox4x32({static_cast<uint32_t>(blocks.element + blocks.group[i]),
                  static_cast<uint32_t>(blocks.image + blocks.row[i]), blocks.step, blocks.purpose},
                 blocks.key);
  for (size_t j = 0; j < 2 * words.size(); ++j) {
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
    auto c0 = hn::Add(hn::LoadU(d, blocks.group + i), hn::Set(d, blocks.element));
    auto c1 = hn::Add(hn::LoadU(d, blocks.row + i), hn::Set(d, blocks.image));
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
    hn::StoreInterleaved2(words01, words23, d, reinterpret_cast<uint64_t*>(out + i * 8));
  }
  return i;
}
#endif

// Eight numbers for each block, in order. `out` is aligned as heap memory is.
void draw(const DropoutBlocks& blocks, uint16_t* out) {
  int64_t done = 0;
#if HWY_TARGET != HWY_SCALAR
  done = draw_vectors(blocks, out);
#endif
  for (; done < blocks.count; ++done) draw_one(blocks, done, out + done * 8);
}

}  // namespace weir::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::kernels {

HWY_EXPORT(draw);

DropoutRandom::DropoutRandom(const DropoutStream& stream, const Tensor& images)
    : stream_(stream),
      groups_((static_cast<size_t>(images.c()) + kNumbers - 1) / kNumbers),
      group_(groups_ * static_cast<size_t>(images.block())),
      row_(group_.size()),
      numbers_(group_.size() * kNumbers) {
  for (size_t i = 0; i < group_.size(); ++i) {
    group_[i] = i % groups_;
    row_[i] = i / groups_;
  }
}

const uint16_t* DropoutRandom::draw_panel(int64_t first_image, int64_t pixel) {
  const uint64_t seed = stream_.seed;
  HWY_DYNAMIC_DISPATCH(draw)
  ({.count = static_cast<int64_t>(group_.size()),
    .group = group_.data(),
    .row = row_.data(),
    .element = static_cast<uint64_t>(pixel) * groups_,
    .image = static_cast<uint64_t>(first_image),
    .step = stream_.step,
    .purpose = static_cast<uint32_t>(Purpose::kDropout) | stream_.layer << 8,
    .key = {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)}},
   numbers_.data());
  return numbers_.data();
}

}  // namespace weir::kernels
#endif  // HWY_ONCE
