#include "core/kernels/pool/binomial.h"

#include <cstddef>
#include <utility>

namespace weir::kernels {
namespace {

// A row of Pascal's triangle, of sum 1.
std::vector<float> binomial(int size) {
  std::vector<float> row{1.f};
  for (int i = 1; i < size; ++i) {
    std::vector<float> next(row.size() + 1, 0.f);
    for (size_t k = 0; k < row.size(); ++k) {
      next[k] += 0.5f * row[k];
      next[k + 1] += 0.5f * row[k];
    }
    row = std::move(next);
  }
  return row;
}

}  // namespace

std::vector<float> binomial_filter(int size) {
  std::vector<float> weights;
  for (const float y : binomial(size)) {
    for (const float x : binomial(size)) weights.push_back(y * x);
  }
  return weights;
}

}  // namespace weir::kernels
