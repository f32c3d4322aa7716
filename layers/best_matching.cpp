#include "layers/best_matching.h"

#include <algorithm>

namespace weir {
namespace {

class Matcher {
 public:
  Matcher(size_t rows, size_t columns, const std::function<int64_t(size_t, size_t)>& worth)
      : rows_(rows),
        columns_(columns),
        worth_((rows + 1) * (columns + 1)),
        before_(worth_.size()),
        after_(worth_.size()) {
    for (size_t i = 0; i < rows; ++i) {
      for (size_t j = 0; j < columns; ++j) at(worth_, i, j) = worth(i, j);
    }
    for (size_t i = 1; i <= rows; ++i) {
      for (size_t j = 1; j <= columns; ++j) fill_before(i, j);
    }
    for (size_t i = rows; i-- > 0;) {
      for (size_t j = columns; j-- > 0;) fill_after(i, j);
    }
  }

  // Row by row: the first column that costs nothing.
  Matching result() {
    Matching matching;
    for (size_t i = 0, next = 0; i < rows_; ++i) {
      for (size_t j = next; j < columns_; ++j) {
        const int64_t worth = at(worth_, i, j);
        if (worth == 0 || worth + at(after_, i + 1, j + 1) < at(after_, i, next)) continue;
        matching.pairs.emplace_back(i, j);
        next = j + 1;
        break;
      }
    }
    add_alternatives(matching);
    return matching;
  }

 private:
  int64_t& at(std::vector<int64_t>& table, size_t i, size_t j) {
    return table[i * (columns_ + 1) + j];
  }

  // The best worth among the first i rows and j columns.
  void fill_before(size_t i, size_t j) {
    int64_t best = std::max(at(before_, i - 1, j), at(before_, i, j - 1));
    if (const int64_t worth = at(worth_, i - 1, j - 1); worth > 0) {
      best = std::max(best, worth + at(before_, i - 1, j - 1));
    }
    at(before_, i, j) = best;
  }

  // The best worth from row i and column j on.
  void fill_after(size_t i, size_t j) {
    int64_t best = std::max(at(after_, i + 1, j), at(after_, i, j + 1));
    if (const int64_t worth = at(worth_, i, j); worth > 0) {
      best = std::max(best, worth + at(after_, i + 1, j + 1));
    }
    at(after_, i, j) = best;
  }

  // A pair is in some best matching when it costs nothing to insist on it.
  void add_alternatives(Matching& matching) {
    for (size_t i = 0; i < rows_; ++i) {
      for (size_t j = 0; j < columns_; ++j) {
        const int64_t worth = at(worth_, i, j);
        const bool best =
            worth > 0 && at(before_, i, j) + worth + at(after_, i + 1, j + 1) == at(after_, 0, 0);
        const auto& pairs = matching.pairs;
        const bool taken = std::find(pairs.begin(), pairs.end(), IndexPair(i, j)) != pairs.end();
        if (best && !taken) matching.alternatives.emplace_back(i, j);
      }
    }
  }

  size_t rows_, columns_;
  std::vector<int64_t> worth_, before_, after_;  // (rows + 1) x (columns + 1)
};

}  // namespace

Matching best_matching(size_t rows, size_t columns,
                       const std::function<int64_t(size_t, size_t)>& worth) {
  return Matcher(rows, columns, worth).result();
}

}  // namespace weir
