// The fast way to fill image blocks: pictures stored as bytes, moved but not reflected.
#pragma once

#include <span>
#include <vector>

#include "core/kernels/byte_panels.h"
#include "core/tensor/tensor.h"
#include "datasets/augment.h"
#include "datasets/normalized_images.h"

namespace weir {

// Fills rows of panels of one block of `out`; rows of images without a picture become zero. A
// picture with reflected columns stays zero and is left to the caller, and so does one at an end of
// the set that leaves its place.
class ByteRows {
 public:
  // `bytes` are those of `images`, and must outlive the object.
  ByteRows(const NormalizedImages& images, const MappedBytes& bytes, const Tensor& out);

  // Picture `image` goes to row `row` of the block's panels. False: left to the caller. `placement`
  // must outlive the object.
  bool place(int row, int image, const Placement& placement);
  // All panels of pixel row y.
  void fill(int block, int y, Tensor& out);

 private:
  struct Picture {
    const Placement* placement = nullptr;  // null: zero everywhere
    const uint8_t* first = nullptr;        // where the byte of x = 0 is, in row 0 of channel 0
    int begin = 0, end = 0;                // columns that are not outside
  };
  void leave_empty(int row);
  void set_lanes(int row, int y);
  template <class T>
  void cut(int block, int y, Tensor& out) const;

  int count_, channels_, height_, width_;  // of the set
  const MappedBytes& bytes_;
  std::vector<Picture> pictures_;  // one for each row of the panels
  kernels::ByteLanes lanes_;
};

}  // namespace weir
