#include "datasets/problems.h"

#include <algorithm>

#include "core/base/error.h"

namespace weir {

void Problems::fail_if_any(const std::string& subject) const {
  constexpr size_t kListed = 20;
  if (list_.empty()) return;
  if (list_.size() == 1) fail(ErrorKind::kData, "{}: {}", subject, list_[0]);
  std::string text = fmt::format("{}: {} problems", subject, list_.size());
  for (size_t i = 0; i < std::min(list_.size(), kListed); ++i) text += "\n  " + list_[i];
  if (list_.size() > kListed) text += fmt::format("\n  and {} more", list_.size() - kListed);
  throw Error(ErrorKind::kData, text);
}

}  // namespace weir
