#include "conformance/check_case.h"

#include <algorithm>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "conformance/compare.h"

namespace weir {
namespace {

// Of element `at`: {n, c, y, x} for images.
std::vector<int> position_of(size_t at, const std::vector<int>& shape) {
  std::vector<int> position(shape.size());
  for (size_t axis = shape.size(); axis-- > 0;) {
    position[axis] = static_cast<int>(at % static_cast<size_t>(shape[axis]));
    at /= static_cast<size_t>(shape[axis]);
  }
  return position;
}

std::string taps_text(const Axis& axis, int output) {
  const Range taps = axis.taps(output);
  const int first = axis.origin(output) + taps.begin * axis.dilation;
  const int last = axis.origin(output) + (taps.end - 1) * axis.dilation;
  return axis.dilation == 1 ? fmt::format("{} to {}", first, last)
                            : fmt::format("{} to {} by {}", first, last, axis.dilation);
}

// Row by row what the window of an output shows of the input, "" where the layer's window does not
// tell, as for adaptive pooling.
std::string window_text(const ConformanceCase& c, const std::optional<Window2d>& slid,
                        const std::vector<int>& at) {
  const std::vector<int>&in = c.input.shape, &out = c.output.tensor.shape;
  if (!slid) return "";
  const Window2d& window = *slid;
  if (window.y.out() != out[2] || window.x.out() != out[3] || in[1] != out[1]) return "";
  constexpr int kMostTaps = 36;
  const Range rows = window.y.taps(at[2]), columns = window.x.taps(at[3]);
  std::string text = fmt::format("; window of rows {}, columns {}", taps_text(window.y, at[2]),
                                 taps_text(window.x, at[3]));
  if (rows.size() * columns.size() > kMostTaps) return text;
  for (int ty = rows.begin; ty < rows.end; ++ty) {
    const int iy = window.y.origin(at[2]) + ty * window.y.dilation;
    text += ty == rows.begin ? ":" : " |";
    for (int tx = columns.begin; tx < columns.end; ++tx) {
      const int ix = window.x.origin(at[3]) + tx * window.x.dilation;
      const int element = ((at[0] * in[1] + at[1]) * in[2] + iy) * in[3] + ix;
      text += fmt::format(" {:.9g}", c.input.values[static_cast<size_t>(element)]);
    }
  }
  return text;
}

std::string shape_failure(const std::string& name, const std::vector<int>& expected,
                          const std::vector<int>& found) {
  return fmt::format("{}: expected shape ({}), found ({})", name, fmt::join(expected, ", "),
                     fmt::join(found, ", "));
}

class Checker {
 public:
  Checker(const ConformanceCase& c, const CaseResult& result) : case_(c), result_(result) {}

  void check(const std::string& name, const CaseTensor& found, const Expectation& expected,
             const Stored& stored) {
    if (found.values.size() != expected.tensor.values.size()) {
      checked_.failures.push_back(shape_failure(name, expected.tensor.shape, found.shape));
      return;
    }
    const WorstError worst = worst_error(found.values, expected, stored);
    checked_.worst = std::max(checked_.worst, worst.error);
    if (worst.error > 1) add_failure(name, found, expected, worst, stored.images);
  }
  void check_indices() {
    for (size_t i = 0; i < case_.indices.size(); ++i) {
      const int64_t found = result_.indices[i], expected = case_.indices[i];
      if (found == expected) continue;
      const std::vector<int> at = position_of(i, case_.output.tensor.shape);
      checked_.failures.push_back(fmt::format("index at ({}): expected {}, found {}{}",
                                              fmt::join(at, ", "), expected, found,
                                              window_text(case_, result_.window, at)));
      return;
    }
  }
  CheckedCase result() const { return checked_; }

 private:
  void add_failure(const std::string& name, const CaseTensor& found, const Expectation& expected,
                   const WorstError& worst, DType images) {
    const std::vector<int> at = position_of(worst.at, expected.tensor.shape);
    std::string text =
        fmt::format("{} at ({}): expected {:.9g}, found {:.9g}", name, fmt::join(at, ", "),
                    expected.tensor.values[worst.at], found.values[worst.at]);
    if (!expected.tolerance.exact()) {
      text += fmt::format(" (may differ by {:.3g})", expected.tolerance.absolute(images));
    }
    if (name == "output") text += window_text(case_, result_.window, at);
    checked_.failures.push_back(text);
  }

  const ConformanceCase& case_;
  const CaseResult& result_;
  CheckedCase checked_;
};

}  // namespace

CheckedCase check_case(const ConformanceCase& c, const CaseResult& result, DType storage) {
  const std::vector<int>& shape = c.output.tensor.shape;
  if (result.output.shape != shape) {
    return {.failures = {shape_failure("output", shape, result.output.shape)}};
  }
  Checker checker(c, result);
  const Stored image{storage, true}, number{storage, false};
  checker.check("output", result.output, c.output, image);
  checker.check_indices();
  checker.check("gradient of the input", result.input_gradient, c.input_gradient, image);
  for (const auto& [name, expected] : c.parameter_gradients) {
    const auto found = result.parameter_gradients.find(name);
    const bool known = found != result.parameter_gradients.end();
    checker.check("gradient of " + name, known ? found->second : CaseTensor{}, expected, number);
  }
  return checker.result();
}

}  // namespace weir
