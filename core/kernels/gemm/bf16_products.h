// A list of products under construction, whose memory is used again.
#pragma once

#include <vector>

#include "core/kernels/gemm/bf16_gemm.h"

namespace weir::kernels {

class Bf16Products {
 public:
  void clear() {
    terms_.clear();
    starts_.clear();
  }
  // The terms that follow are summed into `c`.
  void start(float* c) { starts_.push_back({terms_.size(), c}); }
  void add(const bfloat16* a, const bfloat16* b) { terms_.push_back({a, b}); }
  // Valid until the next change.
  std::span<const Bf16Product> list() {
    products_.clear();
    for (size_t i = 0; i < starts_.size(); ++i) {
      const size_t end = i + 1 < starts_.size() ? starts_[i + 1].term : terms_.size();
      products_.push_back({{terms_.data() + starts_[i].term, end - starts_[i].term}, starts_[i].c});
    }
    return products_;
  }

 private:
  struct Start {
    size_t term;
    float* c;
  };
  std::vector<Bf16Term> terms_;
  std::vector<Start> starts_;
  std::vector<Bf16Product> products_;
};

}  // namespace weir::kernels
