// Philox4x32-10, a counter-based random generator: the numbers at a counter need no state and no
// order, so results do not depend on threads, and resuming needs nothing but the counter.
// Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace weir {

using PhiloxBlock = std::array<uint32_t, 4>;

constexpr PhiloxBlock philox4x32(PhiloxBlock counter, std::array<uint32_t, 2> key) {
  constexpr uint64_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
  constexpr uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;
  for (int round = 0; round < 10; ++round) {
    const uint64_t product0 = kMultiplier0 * counter[0], product1 = kMultiplier1 * counter[2];
    counter = {static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key[0],
               static_cast<uint32_t>(product1),
               static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key[1],
               static_cast<uint32_t>(product0)};
    key = {key[0] + kWeyl0, key[1] + kWeyl1};
  }
  return counter;
}

// 24 bits of a random word as a number from 0 to below 1.
constexpr float unit_float(uint32_t word) { return static_cast<float>(word >> 8) * 0x1p-24f; }

// What a stream of numbers is for. Each use has its own, so that no two share numbers.
enum class Purpose : uint32_t {
  kInit = 1,
  kShuffle = 2,
  kAugment = 3,
  kDropout = 4,
  kSplit = 5,
  kSynthetic = 6,
  kTest = 7,
  kPooling = 8,
  kFractional = 9,
  kPasting = 10,
  kRandomMap = 11,
};

// An endless sequence at a fixed address (seed, purpose, a, b). `a` and `b` are what the purpose
// needs: epoch and sample for augmentation, parameter index for initialisation, and so on.
class Philox {
 public:
  Philox(uint64_t seed, Purpose purpose, uint32_t a = 0, uint32_t b = 0)
      : key_{static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)},
        counter_{0, b, a, static_cast<uint32_t>(purpose)} {}

  uint32_t next() {
    if (used_ == 4) refill();
    return block_[used_++];
  }
  // Uniform in [0, 1), 24 bits.
  float uniform() { return unit_float(next()); }
  // Uniform in [low, high).
  float uniform(float low, float high) { return low + (high - low) * uniform(); }
  // Uniform integer in [0, bound), without bias (Lemire's multiply and reject). bound > 0.
  uint32_t below(uint32_t bound) {
    uint64_t product = uint64_t{next()} * bound;
    if (static_cast<uint32_t>(product) < bound) {
      const uint32_t reject_below = (0u - bound) % bound;
      while (static_cast<uint32_t>(product) < reject_below) product = uint64_t{next()} * bound;
    }
    return static_cast<uint32_t>(product >> 32);
  }
  // Standard normal (Box and Muller, 1958).
  float normal();

 private:
  void refill() {
    block_ = philox4x32(counter_, key_);
    ++counter_[0];
    used_ = 0;
  }
  std::array<uint32_t, 2> key_;
  PhiloxBlock counter_;
  PhiloxBlock block_{};
  int used_ = 4;
};

// A random order of 0 .. count-1 (Fisher and Yates).
inline std::vector<int> permutation(int count, Philox random) {
  std::vector<int> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  for (uint32_t i = static_cast<uint32_t>(count); i > 1; --i) {
    std::swap(order[i - 1], order[random.below(i)]);
  }
  return order;
}

}  // namespace weir
