// What happens to a piece of a convolution's output while it is still in the cache.
#pragma once

#include <optional>

#include "core/kernels/dropout.h"
#include "core/runtime/function_ref.h"
#include "core/tensor/tensor.h"
#include "core/window.h"

namespace weir::kernels {

// Is told of the panels (y, x) of block nb, for all x of `columns`, as soon as they are written: by
// the thread that has them in its cache. Convolutions tell of every panel once, padded images
// included.
using PanelsWritten = FunctionRef<void(int nb, int y, Range columns)>;

// y = dropout(relu(y + bias)), each only where it is asked for.
struct Epilogue {
  const float* bias = nullptr;  // one for each channel
  bool relu = false;
  std::optional<DropoutStream> dropout;    // with relu only
  const PanelsWritten* written = nullptr;  // null: nobody is told

  void tell(int nb, int y, Range columns) const {
    if (written) (*written)(nb, y, columns);
  }
};

// Applies it in place to the panels (y, x) of block nb of F32 images, for all x of `columns`, and
// tells of them. The result has the same bits as adding the bias, activation_forward() and
// dropout_apply(), one after the other.
void finish_panels(const Epilogue& epilogue, Tensor& images, int nb, int y, Range columns);

// The same from rows of floats elsewhere, one for each image and pixel in the order of the panels.
// Then the images, of F32 or BF16, are only written, each number rounded once.
struct FloatRows {
  const float* first;
  int64_t distance;
};
void finish_panels(const Epilogue& epilogue, FloatRows from, Tensor& images, int nb, int y,
                   Range columns);

}  // namespace weir::kernels
