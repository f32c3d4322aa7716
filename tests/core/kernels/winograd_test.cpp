// Winograd's minimal filtering in float against plain sums in double. The bound is rigorous: each
// product passes through at most n roundings, so the error is at most n * eps times what the same
// algorithm gives on absolute values, |A^T| [(|G| |w| |G^T|) * (|B^T| |x| |B|)] |A|.
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/kernels/conv/conv2d.h"
#include "core/kernels/winograd/transform.h"
#include "core/tensor/layout.h"
#include "tests/core/kernels/conditions.h"
#include "tests/support/fill.h"

namespace weir {
namespace {

using kernels::WinogradMap;
using kernels::WinogradTile;
using testing::random_images;
using testing::random_plain;

struct Matrix {
  int rows, columns;
  std::vector<double> values;
  double at(int r, int c) const { return values[static_cast<size_t>(r * columns + c)]; }
};

Matrix operator*(const Matrix& a, const Matrix& b) {
  Matrix product{a.rows, b.columns, std::vector<double>(static_cast<size_t>(a.rows * b.columns))};
  for (int r = 0; r < a.rows; ++r) {
    for (int c = 0; c < b.columns; ++c) {
      for (int i = 0; i < a.columns; ++i) {
        product.values[static_cast<size_t>(r * b.columns + c)] += a.at(r, i) * b.at(i, c);
      }
    }
  }
  return product;
}

Matrix transposed(const Matrix& m) {
  Matrix t{m.columns, m.rows, {}};
  for (int r = 0; r < m.columns; ++r) {
    for (int c = 0; c < m.rows; ++c) t.values.push_back(m.at(c, r));
  }
  return t;
}

Matrix absolute(Matrix m) {
  for (double& value : m.values) value = std::abs(value);
  return m;
}

// Lavin and Gray (2016), equations 7 and 13.
struct Matrices {
  Matrix a_t, b_t, g;
};
Matrices matrices(WinogradTile tile) {
  if (tile == WinogradTile::kTwo) {
    return {{2, 4, {1, 1, 1, 0, 0, 1, -1, -1}},
            {4, 4, {1, 0, -1, 0, 0, 1, 1, 0, 0, -1, 1, 0, 0, 1, 0, -1}},
            {4, 3, {1, 0, 0, .5, .5, .5, .5, -.5, .5, 0, 0, 1}}};
  }
  return {{4, 6, {1, 1, 1, 1, 1, 0, 0, 1, -1, 2, -2, 0, 0, 1, 1, 4, 4, 0, 0, 1, -1, 8, -8, 1}},
          {6, 6, {4, 0,  -5, 0, 1, 0, 0, -4, -4, 1,  1, 0, 0, 4, -4, -1, 1, 0,
                  0, -2, -1, 2, 1, 0, 0, 2,  -1, -2, 1, 0, 0, 4, 0,  -5, 0, 1}},
          {6,
           3,
           {1. / 4, 0, 0, -1. / 6, -1. / 6, -1. / 6, -1. / 6, 1. / 6, -1. / 6, 1. / 24, 1. / 12,
            1. / 6, 1. / 24, -1. / 12, 1. / 6, 0, 0, 1}}};
}

TEST(WinogradTransform, EveryMapIsItsMatrix) {
  testing::for_each_isa([] {
    for (const WinogradTile tile : {WinogradTile::kTwo, WinogradTile::kFour}) {
      const Matrices m = matrices(tile);
      const std::pair<WinogradMap, Matrix> maps[] = {
          {WinogradMap::kInput, m.b_t},
          {WinogradMap::kOutput, m.a_t},
          {WinogradMap::kOutputGradient, transposed(m.a_t)},
          {WinogradMap::kWeight, m.g},
          {WinogradMap::kWeightGradient, transposed(m.g)}};
      for (const auto& [map, matrix] : maps) {
        constexpr int kLanes = 37;  // whole vectors and a rest
        const auto ins = static_cast<size_t>(matrix.columns * matrix.columns);
        const auto outs = static_cast<size_t>(matrix.rows * matrix.rows);
        const Tensor x = random_plain({matrix.columns * matrix.columns, kLanes}, 1);
        Tensor y = Tensor::full({matrix.rows * matrix.rows, kLanes}, NAN);
        std::vector<const float*> in(ins);
        std::vector<float*> out(outs);
        for (size_t i = 0; i < ins; ++i) in[i] = x.data() + i * kLanes;
        for (size_t i = 0; i < outs; ++i) out[i] = y.data() + i * kLanes;
        winograd_transform(tile, map, in, out, kLanes);
        for (size_t lane = 0; lane < kLanes; ++lane) {
          Matrix tile_x{matrix.columns, matrix.columns, {}};
          for (size_t i = 0; i < ins; ++i) tile_x.values.push_back(double{in[i][lane]});
          const Matrix exact = matrix * tile_x * transposed(matrix);
          const Matrix bound = absolute(matrix) * absolute(tile_x) * transposed(absolute(matrix));
          for (size_t i = 0; i < outs; ++i) {
            // Two passes of at most six terms, each of two roundings.
            EXPECT_NEAR(double{out[i][lane]}, exact.values[i], 24 * 0x1p-24 * bound.values[i]);
          }
        }
      }
    }
  });
}

struct Problem {
  int n, c, k, side;
  WinogradTile tile;
};

kernels::ConvShape shape_of(const Problem& p) {
  const Axis axis{.in = p.side, .kernel = 3, .stride = 1, .pad = 1};
  return {.c = p.c, .k = p.k, .groups = 1, .window = {axis, axis}};
}

double pixel(const std::vector<float>& images, const Problem& p, int channels, int n, int channel,
             int y, int x) {
  if (y < 0 || y >= p.side || x < 0 || x >= p.side) return 0;
  return double{images[static_cast<size_t>(((n * channels + channel) * p.side + y) * p.side + x)]};
}

Matrix square(const std::vector<float>& images, const Problem& p, int channels, int n, int channel,
              int y, int x, int side) {
  Matrix m{side, side, {}};
  for (int i = 0; i < side * side; ++i) {
    m.values.push_back(pixel(images, p, channels, n, channel, y + i / side, x + i % side));
  }
  return m;
}

Matrix taps(const Tensor& weight, const Problem& p, int k, int c) {
  const float* first = weight.data() + (k * p.c + c) * 9;
  return {3, 3, std::vector<double>(first, first + 9)};
}

// The algorithm on absolute values, for one tile, input and output channel.
Matrix frequencies_bound(const Matrix& map, const Matrix& pixels) {
  return absolute(map) * absolute(pixels) * transposed(absolute(map));
}

Matrix times(Matrix a, const Matrix& b) {
  for (size_t i = 0; i < a.values.size(); ++i) a.values[i] *= b.values[i];
  return a;
}

void check_forward(const Problem& p) {
  const Matrices m = matrices(p.tile);
  const Tensor x = random_images(p.n, p.c, p.side, p.side, 1);
  const Tensor weight = random_plain({p.k, p.c, 3, 3}, 2);
  Tensor y = Tensor::images(p.n, p.k, p.side, p.side);
  kernels::kConvWinograd.forward(shape_of(p), x, weight, {}, y);
  const std::vector<float> in = nchw_from_images(x), out = nchw_from_images(y);
  const int outputs = m.a_t.rows;
  const double roundings = p.c + 4 * 12;  // the sum, and two passes of three maps
  for (int k = 0; k < p.k; k += 5) {
    for (int tile = 0; tile < p.side; tile += outputs) {
      Matrix exact{outputs, outputs, std::vector<double>(static_cast<size_t>(outputs * outputs))};
      Matrix bound{m.b_t.rows, m.b_t.rows,
                   std::vector<double>(static_cast<size_t>(m.b_t.rows * m.b_t.rows))};
      for (int c = 0; c < p.c; ++c) {
        const Matrix pixels = square(in, p, p.c, p.n - 1, c, tile - 1, tile - 1, m.b_t.rows);
        const Matrix w = taps(weight, p, k, c);
        for (int i = 0; i < outputs * outputs * 9; ++i) {
          const int at = i / 9, ty = i % 9 / 3, tx = i % 3;
          exact.values[static_cast<size_t>(at)] +=
              w.at(ty, tx) * pixels.at(at / outputs + ty, at % outputs + tx);
        }
        const Matrix product = times(frequencies_bound(m.b_t, pixels), frequencies_bound(m.g, w));
        for (size_t i = 0; i < product.values.size(); ++i) bound.values[i] += product.values[i];
      }
      const Matrix tolerance = absolute(m.a_t) * bound * transposed(absolute(m.a_t));
      for (int i = 0; i < outputs * outputs; ++i) {
        const int row = tile + i / outputs, column = tile + i % outputs;
        if (row >= p.side || column >= p.side) continue;
        const double fast = pixel(out, p, p.k, p.n - 1, k, row, column);
        EXPECT_NEAR(fast, exact.values[static_cast<size_t>(i)],
                    roundings * 0x1p-24 * tolerance.values[static_cast<size_t>(i)]);
      }
    }
  }
}

// Relative error in the 2-norm: what a network notices. The rigorous bounds above allow for the
// worst signs of all roundings; in the mean they cancel, and a few eps are left.
double relative_error(const Tensor& fast, const Tensor& exact) {
  double error = 0, size = 0;
  for (int64_t i = 0; i < exact.stored(); ++i) {
    error += std::pow(double{fast.data()[i]} - double{exact.data()[i]}, 2);
    size += std::pow(double{exact.data()[i]}, 2);
  }
  return std::sqrt(error / size);
}

const Problem kProblems[] = {{.n = 3, .c = 96, .k = 21, .side = 8, .tile = WinogradTile::kFour},
                             {.n = 2, .c = 40, .k = 16, .side = 6, .tile = WinogradTile::kTwo}};

TEST(ConvWinograd, StaysWithinTheRigorousBound) {
  for (const Problem& p : kProblems) {
    SCOPED_TRACE(p.side);
    testing::for_each_isa([&] { check_forward(p); });
  }
}

TEST(ConvWinograd, LosesFewDigitsInAllThreeDirections) {
  // eps = 2^-24. Measured: 34 eps for F(4x4) at 96 channels, 4 eps for F(2x2) at 40.
  constexpr double kBound = 50 * 0x1p-24;
  for (const Problem& p : kProblems) {
    const kernels::ConvShape shape = shape_of(p);
    const kernels::Conv2dKernel &fast = kernels::kConvWinograd, &exact = kernels::kConvReference;
    const Tensor x = random_images(p.n, p.c, p.side, p.side, 1);
    const Tensor dy = random_images(p.n, p.k, p.side, p.side, 3);
    const Tensor weight = random_plain({p.k, p.c, 3, 3}, 2);
    Tensor y[2], dx[2], dw[2];
    for (int i = 0; i < 2; ++i) {
      const kernels::Conv2dKernel& kernel = i == 0 ? fast : exact;
      y[i] = Tensor::images(p.n, p.k, p.side, p.side);
      dx[i] = Tensor::like(x);
      dw[i] = Tensor::like(weight);
      kernel.forward(shape, x, weight, {}, y[i]);
      kernel.backward_data(shape, dy, weight, dx[i]);
      kernel.backward_weights(shape, x, dy, dw[i]);
    }
    EXPECT_LT(relative_error(y[0], y[1]), kBound);
    EXPECT_LT(relative_error(dx[0], dx[1]), kBound);
    EXPECT_LT(relative_error(dw[0], dw[1]), kBound);
  }
}

}  // namespace
}  // namespace weir
