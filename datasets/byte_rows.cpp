#include "datasets/byte_rows.h"

#include <algorithm>

namespace weir {
namespace {

// Pictures in random order come from memory, and are read in pieces too short for the processor to
// see a pattern. Larger pictures have longer rows.
void prefetch(const uint8_t* picture, int64_t bytes) {
  constexpr int64_t kLine = 64, kMost = 8192;
  if (bytes > kMost) return;
  for (int64_t at = 0; at < bytes; at += kLine) __builtin_prefetch(picture + at);
}

}  // namespace

ByteRows::ByteRows(const NormalizedImages& images, const MappedBytes& bytes, const Tensor& out)
    : count_(images.count()),
      channels_(images.channels()),
      height_(images.height()),
      width_(images.width()),
      bytes_(bytes),
      pictures_(static_cast<size_t>(out.block())),
      lanes_(out.block() * out.c()) {
  for (int row = 0; row < out.block(); ++row) leave_empty(row);
}

bool ByteRows::place(int row, int image, const Placement& placement) {
  leave_empty(row);
  const AxisMove& columns = placement.columns;
  if (columns.reflects) return false;
  if (columns.begin >= columns.end) return true;
  // The kernel reads what is beside the row too. Only at the ends of the set is there nothing.
  const int leftmost = columns.step > 0 ? columns.first : columns.first - width_ + 1;
  const bool at_the_end = image == 0 || image + 1 == count_;
  if (leftmost != 0 && at_the_end) return false;
  const int64_t size = int64_t{height_} * width_;
  const uint8_t* picture = bytes_.pixels.data() + image * channels_ * size;
  prefetch(picture, channels_ * size);
  pictures_[static_cast<size_t>(row)] = {.placement = &placement,
                                         .first = picture + columns.first,
                                         .begin = columns.begin,
                                         .end = columns.end};
  for (int c = 0; c < channels_; ++c) {
    const auto lane = static_cast<size_t>(row * channels_ + c);
    lanes_.reversed[lane] = columns.step < 0;
    lanes_.begin[lane] = columns.begin;
    lanes_.shift[lane] = bytes_.map(image, c).shift;
    lanes_.scale[lane] = bytes_.map(image, c).scale;
  }
  return true;
}

void ByteRows::leave_empty(int row) {
  pictures_[static_cast<size_t>(row)] = {.first = bytes_.pixels.data()};
  for (int c = 0; c < channels_; ++c) {
    lanes_.reversed[static_cast<size_t>(row * channels_ + c)] = 0;
  }
}

void ByteRows::set_lanes(int row, int y) {
  const Picture& picture = pictures_[static_cast<size_t>(row)];
  const int from =
      picture.placement ? picture.placement->rows[static_cast<size_t>(y)] : Placement::kOutside;
  const bool outside = from == Placement::kOutside;
  const int64_t size = int64_t{height_} * width_;
  for (int c = 0; c < channels_; ++c) {
    const auto lane = static_cast<size_t>(row * channels_ + c);
    // What is outside is not used, but read: it stays within the picture.
    lanes_.first[lane] = picture.first + c * size + (outside ? 0 : from * width_);
    lanes_.end[lane] = outside ? 0 : picture.end;
  }
}

template <class T>
void ByteRows::cut(int block, int y, Tensor& out) const {
  for (int row = 0; row < out.block(); ++row) {
    const Placement* placement = pictures_[static_cast<size_t>(row)].placement;
    if (!placement || y < placement->cut_top || y >= placement->cut_bottom) continue;
    for (int x = placement->cut_left; x < placement->cut_right; ++x) {
      std::fill_n(out.panel<T>(block, y, x) + row * out.c(), out.c(), to_storage<T>(0.f));
    }
  }
}

void ByteRows::fill(int block, int y, Tensor& out) {
  for (int row = 0; row < out.block(); ++row) set_lanes(row, y);
  with_storage(out.dtype(), [&]<class T>(T) {
    kernels::panels_from_bytes(lanes_, out.w(), out.panel<T>(block, y, 0));
    cut<T>(block, y, out);
  });
}

}  // namespace weir
