#include "datasets/split.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.h"
#include "core/runtime/philox.h"

namespace weir {
namespace {

using Members = std::vector<std::vector<int>>;  // of each class, ascending

Members members_of_classes(std::span<const int> labels, int classes) {
  Members members(static_cast<size_t>(classes));
  for (size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0 || labels[i] >= classes) {
      fail(ErrorKind::kData, "picture {} has label {}, but there are {} classes (0 to {})", i,
           labels[i], classes, classes - 1);
    }
    members[static_cast<size_t>(labels[i])].push_back(static_cast<int>(i));
  }
  return members;
}

// How many of `total` each class gets: its share rounded down, then one more for the largest
// remainders (the lower class first when equal). In integers, so that no rounding error decides.
std::vector<size_t> shares(const Members& members, int64_t total, int64_t count) {
  std::vector<size_t> share, by_remainder(members.size());
  std::vector<int64_t> remainder;
  for (const auto& of_class : members) {
    const int64_t product = static_cast<int64_t>(of_class.size()) * total;
    share.push_back(static_cast<size_t>(product / count));
    remainder.push_back(product % count);
  }
  std::iota(by_remainder.begin(), by_remainder.end(), size_t{0});
  std::stable_sort(by_remainder.begin(), by_remainder.end(),
                   [&](size_t a, size_t b) { return remainder[a] > remainder[b]; });
  int64_t left = total - std::accumulate(share.begin(), share.end(), int64_t{0});
  for (size_t c = 0; left > 0; ++c, --left) ++share[by_remainder[c]];
  return share;
}

void shuffle(std::vector<int>& members, Philox random) {
  std::vector<int> shuffled;
  for (int i : permutation(static_cast<int>(members.size()), random)) {
    shuffled.push_back(members[static_cast<size_t>(i)]);
  }
  members = std::move(shuffled);
}

}  // namespace

Split stratified_split(std::span<const int> labels, int classes, double fraction, uint64_t seed) {
  require(fraction >= 0 && fraction < 1,
          "the validation fraction must be at least 0 and below 1, got {}", fraction);
  Split split;
  if (labels.empty()) return split;
  Members members = members_of_classes(labels, classes);
  const auto count = static_cast<int64_t>(labels.size());
  const auto aside = shares(members, std::llround(fraction * static_cast<double>(count)), count);
  for (size_t c = 0; c < members.size(); ++c) {
    shuffle(members[c], Philox(seed, Purpose::kSplit, static_cast<uint32_t>(c)));
    const auto middle = members[c].begin() + static_cast<std::ptrdiff_t>(aside[c]);
    split.validation.insert(split.validation.end(), members[c].begin(), middle);
    split.train.insert(split.train.end(), middle, members[c].end());
  }
  std::sort(split.train.begin(), split.train.end());
  std::sort(split.validation.begin(), split.validation.end());
  return split;
}

std::vector<int> stratified_limit(std::span<const int> labels, int classes, int count) {
  require(count >= 1, "a limit of {} pictures leaves nothing; use 1 or more", count);
  const Members members = members_of_classes(labels, classes);
  const auto available = static_cast<int64_t>(labels.size());
  std::vector<int> chosen;
  if (available == 0) return chosen;
  const auto share = shares(members, std::min<int64_t>(count, available), available);
  for (size_t c = 0; c < members.size(); ++c) {
    chosen.insert(chosen.end(), members[c].begin(),
                  members[c].begin() + static_cast<std::ptrdiff_t>(share[c]));
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace weir
