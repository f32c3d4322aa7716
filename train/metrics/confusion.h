// Which class was taken for which.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weir {

class ConfusionMatrix {
 public:
  explicit ConfusionMatrix(int classes = 0);
  void add(int label, int predicted);
  int classes() const { return classes_; }
  int64_t at(int label, int predicted) const { return counts_[index(label, predicted)]; }
  // Share of the pictures of this class that were recognised; 0 for a class without pictures.
  double recall(int label) const;
  // A header "true\predicted,<class>,..", then one row for each true class. Names are quoted where
  // CSV asks for it.
  std::string csv(const std::vector<std::string>& names) const;

 private:
  size_t index(int label, int predicted) const {
    return static_cast<size_t>(label) * static_cast<size_t>(classes_) +
           static_cast<size_t>(predicted);
  }
  int classes_;
  std::vector<int64_t> counts_;
};

// A CSV field: quoted, with doubled quotes, when it holds a comma, a quote or a line end (RFC
// 4180).
std::string csv_field(const std::string& text);

}  // namespace weir
