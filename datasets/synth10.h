// synth10: an embedded set of 32x32 RGB pictures in ten classes, made from random numbers, so that
// everything can be tried without a download. Class = shape x texture: {disc, square, triangle,
// ring, cross} x {striped, checked}, label = 2 * shape + texture. The object lies anywhere, turned
// and jittered, over clutter that carries textures too; neither colour nor brightness tells the
// class. Texture needs fine local detectors, shape needs the layout of the whole object, so the
// accuracy splits into shape accuracy (chance 20%) and texture accuracy (chance 50%).
//
// The bytes are the same on every machine and for any number of threads: tests freeze their
// SHA-256.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "datasets/dataset.h"

namespace weir {

struct Synth10Options {
  int train = 50000, test = 10000;     // pictures; classes are equally frequent (+-1)
  uint64_t seed = 10;                  // the published set is seed 10
  std::string difficulty = "default";  // easy, default or hard
  bool operator==(const Synth10Options&) const = default;
};

// The fingerprint of the published set, which the default options make.
inline constexpr std::string_view kSynth10Sha256 =
    "ce79277599db89a3123e684962972b821ce16b1c113b93e6681152e75da602e9";

// Throws kUsage for negative counts or an unknown difficulty. The id is "synth10-v1", with
// "-easy" or "-hard" behind it when the difficulty is not the default.
Dataset make_synth10(const Synth10Options& options = {});

enum class Synth10Split : uint32_t { kTrain = 0, kTest = 1 };

// One picture and the pixels that show its object (for scoring class activation maps).
struct Synth10Sample {
  static constexpr int kSize = 32;
  int label = 0;
  std::array<uint8_t, 3 * kSize * kSize> pixels{};  // (3, 32, 32)
  std::array<uint8_t, kSize * kSize> mask{};        // 1 where the object covers most of the pixel
};

// Picture `index` of a split. It depends on nothing but these arguments: a smaller set is the
// beginning of a larger one.
Synth10Sample synth10_sample(uint64_t seed, Synth10Split split, uint32_t index,
                             const std::string& difficulty = "default");

}  // namespace weir
