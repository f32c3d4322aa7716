#include "train/metrics/confusion.h"

#include <fmt/core.h>

namespace weir {

ConfusionMatrix::ConfusionMatrix(int classes)
    : classes_(classes), counts_(static_cast<size_t>(classes) * static_cast<size_t>(classes)) {}

void ConfusionMatrix::add(int label, int predicted) { ++counts_[index(label, predicted)]; }

double ConfusionMatrix::recall(int label) const {
  int64_t total = 0;
  for (int k = 0; k < classes_; ++k) total += at(label, k);
  return total > 0 ? static_cast<double>(at(label, label)) / static_cast<double>(total) : 0;
}

std::string ConfusionMatrix::csv(const std::vector<std::string>& names) const {
  std::string text = "true\\predicted";
  for (const std::string& name : names) text += "," + csv_field(name);
  text += "\n";
  for (int label = 0; label < classes_; ++label) {
    text += csv_field(names[static_cast<size_t>(label)]);
    for (int k = 0; k < classes_; ++k) text += fmt::format(",{}", at(label, k));
    text += "\n";
  }
  return text;
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char letter : text) {
    if (letter == '"') quoted += '"';
    quoted += letter;
  }
  return quoted + "\"";
}

}  // namespace weir
