// A convolution's epilogue against its parts, one after the other.
#include "core/kernels/epilogue.h"

#include <gtest/gtest.h>

#include "core/kernels/activation.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/fill.h"

namespace weir {
namespace {

using kernels::Epilogue;
using testing::random_images;

constexpr int kChannels = 19;

const std::vector<float>& bias() {
  static const std::vector<float> values = testing::random_values(kChannels, 2);
  return values;
}

std::vector<Epilogue> epilogues() {
  const kernels::DropoutStream stream{.p = 0.4f, .seed = 5, .step = 3, .layer = 2};
  std::vector<Epilogue> list;
  for (const float* values : {static_cast<const float*>(nullptr), bias().data()}) {
    list.push_back({.bias = values});
    list.push_back({.bias = values, .relu = true});
    list.push_back({.bias = values, .relu = true, .dropout = stream});
  }
  return list;
}

Tensor step_by_step(const Epilogue& epilogue, const Tensor& images) {
  Tensor y = images.clone();
  for (int64_t i = 0; epilogue.bias && i < y.stored(); ++i) {
    y.data()[i] += epilogue.bias[i % kChannels];
  }
  if (epilogue.relu) kernels::activation_forward(kernels::Activation::kRelu, 0.f, y, y);
  if (epilogue.dropout) kernels::dropout_apply(*epilogue.dropout, y, y);
  return y;
}

// Pieces of rows, as kernels finish them.
template <class Finish>
void for_pieces(const Tensor& images, Finish finish) {
  for (int nb = 0; nb < images.blocks(); ++nb) {
    for (int y = 0; y < images.h(); ++y) {
      finish(nb, y, Range{0, 2});
      finish(nb, y, Range{2, images.w()});
    }
  }
}

TEST(Epilogue, EqualsItsPartsInPlace) {
  const Tensor start = random_images(35, kChannels, 3, 5, 1);
  testing::for_each_isa([&] {
    for (const Epilogue& epilogue : epilogues()) {
      Tensor found = start.clone();
      for_pieces(found, [&](int nb, int y, Range columns) {
        kernels::finish_panels(epilogue, found, nb, y, columns);
      });
      testing::expect_same_bytes(found, step_by_step(epilogue, start));
    }
  });
}

TEST(Epilogue, TellsOfWhatIsWritten) {
  const Tensor start = random_images(35, kChannels, 3, 5, 1);
  for (Epilogue epilogue : epilogues()) {
    const Tensor expected = step_by_step(epilogue, start);
    Tensor found = start.clone(), seen = testing::poisoned_like(start);
    const auto copy = [&](int nb, int y, Range columns) {
      std::copy_n(found.panel(nb, y, columns.begin), columns.size() * found.panel_size(),
                  seen.panel(nb, y, columns.begin));
    };
    const kernels::PanelsWritten written = copy;
    epilogue.written = &written;
    for_pieces(found, [&](int nb, int y, Range columns) {
      kernels::finish_panels(epilogue, found, nb, y, columns);
    });
    testing::expect_same_bytes(seen, expected);
  }
}

// The rows of all panels, each followed by three numbers that nobody asked for.
TEST(Epilogue, ReadsRowsElsewhereAndRoundsOnce) {
  const Tensor start = random_images(35, kChannels, 3, 5, 1);
  const int64_t distance = kChannels + 3, rows = start.stored() / kChannels;
  std::vector<float> scratch(static_cast<size_t>(rows * distance), 100.f);
  for (int64_t r = 0; r < rows; ++r) {
    std::copy_n(start.data() + r * kChannels, kChannels, scratch.data() + r * distance);
  }
  testing::for_each_isa([&] {
    for (const Epilogue& epilogue : epilogues()) {
      const Tensor expected = step_by_step(epilogue, start);
      for (const DType type : {DType::kF32, DType::kBF16}) {
        Tensor found = testing::poisoned_like(Tensor::like(start, type));
        for_pieces(found, [&](int nb, int y, Range columns) {
          const int64_t panel = (int64_t{nb} * 3 + y) * 5 + columns.begin;
          const kernels::FloatRows from{scratch.data() + panel * start.block() * distance,
                                        distance};
          kernels::finish_panels(epilogue, from, found, nb, y, columns);
        });
        testing::expect_same_bytes(found,
                                   type == DType::kF32 ? expected : testing::rounded(expected));
      }
    }
  });
}

}  // namespace
}  // namespace weir
