// The random numbers behind dropout's decisions, panel by panel.
#pragma once

#include <cstdint>
#include <vector>

#include "core/kernels/dropout.h"
#include "core/tensor/tensor.h"

namespace weir::kernels {

// Row r, channels 8g .. 8g + 7 of the panel at `pixel` take the Philox block
// {pixel * groups + g, image, step, purpose}, with ceil(C / 8) groups. Rows start at a block, so
// that neither the position of an image in its panel nor the number of rows matters.
class DropoutRandom {
 public:
  // For panels of `images`, of which only the sizes matter.
  DropoutRandom(const DropoutStream& stream, const Tensor& images);

  // 16 bits for each element of the panel whose first row is image `first_image`, in rows of
  // stride(). Valid until the next call.
  const uint16_t* draw_panel(int64_t first_image, int64_t pixel);
  // Numbers from one row to the next.
  int64_t stride() const { return static_cast<int64_t>(groups_) * kNumbers; }

 private:
  static constexpr size_t kNumbers = 8;  // of 16 bits, in a Philox block
  const DropoutStream& stream_;
  size_t groups_;
  std::vector<uint64_t> group_, row_;  // of each block of a panel
  std::vector<uint16_t> numbers_;
};

}  // namespace weir::kernels
