// Many questions, one error rate. S. Holm, "A simple sequentially rejective multiple test
// procedure", Scandinavian Journal of Statistics 6, 1979.
#pragma once

#include <span>
#include <vector>

namespace weir {

// Adjusted p values in the order given: with p sorted, p(1) <= .. <= p(m), the k-th becomes the
// largest of (m - j + 1) * p(j) over j <= k, at most 1. An adjusted value up to alpha is a find;
// the probability of even one false find is then at most alpha.
std::vector<double> holm_adjusted(std::span<const double> p);

}  // namespace weir
