// Which kernel computes which pass of a convolution: the one that was measured to be fastest, where
// a table of measurements is in use, else the fixed rule of choose_conv2d(). The fixed rule depends
// on the shape and the processor alone, so results repeat from run to run; with a table they repeat
// with that table.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/kernels/conv/conv2d.h"

namespace weir::kernels {

enum class ConvPass { kForward, kBackwardData, kBackwardWeights };
inline constexpr std::array kConvPasses{ConvPass::kForward, ConvPass::kBackwardData,
                                        ConvPass::kBackwardWeights};
// "forward", "backward_data", "backward_weights".
std::string_view name_of(ConvPass pass);

// "F32 96x32x32 to 96, kernel 3x3, stride 1x1, padding 1x1, dilation 1x1, groups 1": the type of
// the images; channels, height and width of the input; channels of the output.
std::string text_of(const ConvShape& shape, DType x);

// A kernel for each pass; null where nothing was chosen.
using PassKernels = std::array<const Conv2dKernel*, kConvPasses.size()>;

class ConvChoices {
 public:
  // A JSON object, {"<text_of(shape)>": {"forward": "winograd", ..}, ..}. `source` names it in
  // errors. Throws kData for anything else: an entry that is no convolution, a name that is no
  // kernel (with the nearest one), a kernel that cannot compute that convolution on this machine.
  // With `left_out`, tables of other machines and versions can be read: choices of the last two
  // kinds are not errors, but left out, and the name of the kernel is added to that list.
  static ConvChoices parse(std::string_view text, const std::string& source,
                           std::vector<std::string>* left_out = nullptr);
  // The same form, sorted.
  std::string text() const;

  bool empty() const { return kernels_.empty(); }
  void choose(const ConvShape& shape, DType x, ConvPass pass, const Conv2dKernel& kernel);
  // Takes over what `newer` chose.
  void merge(const ConvChoices& newer);
  // Nulls where nothing was chosen.
  PassKernels find(const ConvShape& shape, DType x) const;

 private:
  std::map<std::string, PassKernels> kernels_;  // by text_of()
};

// Puts a table into effect for as long as it lives; the one before then returns. Between steps
// only.
class UseConvChoices {
 public:
  explicit UseConvChoices(const ConvChoices& choices);  // which must outlive it
  ~UseConvChoices();
  UseConvChoices(const UseConvChoices&) = delete;
  UseConvChoices& operator=(const UseConvChoices&) = delete;

 private:
  const ConvChoices* outer_;
};

// What runs: never null.
PassKernels conv2d_kernels_for(const ConvShape& shape, DType x);

}  // namespace weir::kernels
