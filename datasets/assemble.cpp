#include "datasets/assemble.h"

#include <algorithm>
#include <numeric>

#include "core/runtime/parallel.h"

namespace weir {
namespace {

Placement unmoved(int height, int width) {
  Placement placement;
  placement.rows.resize(static_cast<size_t>(height));
  placement.columns.resize(static_cast<size_t>(width));
  std::iota(placement.rows.begin(), placement.rows.end(), 0);
  std::iota(placement.columns.begin(), placement.columns.end(), 0);
  return placement;
}

// Fills the panels of one row of pixels of a block, picture by picture. That is the order of the
// output: a row of panels stays in the first-level cache until all of its pictures are in.
// T is what `out` stores.
template <class T>
class RowFiller {
 public:
  RowFiller(const NormalizedImages& images, Tensor& out)
      : images_(images),
        out_(out),
        row_(static_cast<size_t>(out.w())),
        source_(row_.size() + 1, to_storage<T>(0.f)) {}

  void fill(int block, int y, int row, int image, const Placement& placement) {
    T* target = out_.panel<T>(block, y, 0) + int64_t{row} * out_.c();
    const int from = placement.rows[static_cast<size_t>(y)];
    const bool is_cut = y >= placement.cut_top && y < placement.cut_bottom;
    for (int c = 0; c < out_.c(); ++c) {
      if (from == Placement::kOutside) {
        clear(target + c, 0, out_.w());
        continue;
      }
      images_.row(image, c, from, row_.data());
      std::transform(row_.begin(), row_.end(), source_.begin() + 1, to_storage<T>);
      scatter(placement.columns.data(), target + c);
      if (is_cut) clear(target + c, placement.cut_left, placement.cut_right);
    }
  }

  void pad(int block, int y) {
    const int64_t live = int64_t{out_.live_rows(block)} * out_.c();
    for (int x = 0; x < out_.w(); ++x) {
      T* panel = out_.panel<T>(block, y, x);
      std::fill(panel + live, panel + out_.panel_size(), to_storage<T>(0.f));
    }
  }

 private:
  // source_[0] is the zero that kOutside (-1) reads, so the loop needs no test.
  void scatter(const int* columns, T* target) const {
    const T* source = source_.data() + 1;
    const int64_t stride = out_.panel_size();
    for (int x = 0; x < out_.w(); ++x) target[x * stride] = source[columns[x]];
  }
  void clear(T* target, int begin, int end) const {
    for (int x = begin; x < end; ++x) target[x * out_.panel_size()] = to_storage<T>(0.f);
  }

  const NormalizedImages& images_;
  Tensor& out_;
  std::vector<float> row_;
  std::vector<T> source_;
};

template <class T>
void fill_blocks(const NormalizedImages& images, std::span<const int> indices,
                 std::span<const Placement> placements, Tensor& out) {
  const int height = images.height(), width = images.width();
  const Placement still = unmoved(height, width);
  constexpr int64_t kRowsPerItem = 8;
  parallel_ranges(int64_t{out.blocks()} * height, kRowsPerItem, [&](int64_t begin, int64_t end) {
    RowFiller<T> filler(images, out);
    for (int64_t item = begin; item < end; ++item) {
      const int block = static_cast<int>(item / height), y = static_cast<int>(item % height);
      for (int row = 0; row < out.live_rows(block); ++row) {
        const auto i = static_cast<size_t>(block * out.block() + row);
        filler.fill(block, y, row, indices[i], placements.empty() ? still : placements[i]);
      }
      filler.pad(block, y);
    }
  });
}

}  // namespace

Tensor assemble(const NormalizedImages& images, std::span<const int> indices,
                std::span<const Placement> placements, DType type) {
  Tensor out = Tensor::images(static_cast<int>(indices.size()), images.channels(), images.height(),
                              images.width(), type);
  with_storage(type, [&]<class T>(T) { fill_blocks<T>(images, indices, placements, out); });
  return out;
}

}  // namespace weir
