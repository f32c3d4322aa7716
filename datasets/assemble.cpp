#include "datasets/assemble.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "core/runtime/parallel.h"
#include "core/window.h"
#include "datasets/byte_rows.h"

namespace weir {
namespace {

// A picture of the batch that goes to row `row` of a block.
struct Guest {
  int row, image;
  const Placement& placement;
};

// Fills one row of pixels of one picture, moved in any way; what comes from outside is zero
// already. T is what `out` stores.
template <class T>
class RowFiller {
 public:
  RowFiller(const NormalizedImages& images, const Guest& guest, Tensor& out)
      : images_(images),
        guest_(guest),
        out_(out),
        row_(static_cast<size_t>(out.w())),
        source_(row_.size() + 1, to_storage<T>(0.f)) {
    for (size_t x = 0; x < row_.size(); ++x) columns_.push_back(guest.placement.columns[x]);
  }

  void fill(int block, int y) {
    const Placement& placement = guest_.placement;
    const int from = placement.rows[static_cast<size_t>(y)];
    if (from == Placement::kOutside) return;
    const bool is_cut = y >= placement.cut_top && y < placement.cut_bottom;
    for (int c = 0; c < out_.c(); ++c) {
      T* target = out_.panel<T>(block, y, 0) + int64_t{guest_.row} * out_.c() + c;
      images_.row(guest_.image, c, from, row_.data());
      std::transform(row_.begin(), row_.end(), source_.begin() + 1, to_storage<T>);
      scatter(target);
      if (is_cut) clear(target, placement.cut_left, placement.cut_right);
    }
  }

 private:
  // source_[0] is the zero that kOutside (-1) reads, so the loop needs no test.
  void scatter(T* target) const {
    const T* source = source_.data() + 1;
    const int64_t stride = out_.panel_size();
    for (int x = 0; x < out_.w(); ++x)
      target[x * stride] = source[columns_[static_cast<size_t>(x)]];
  }
  void clear(T* target, int begin, int end) const {
    for (int x = begin; x < end; ++x) target[x * out_.panel_size()] = to_storage<T>(0.f);
  }

  const NormalizedImages& images_;
  Guest guest_;
  Tensor& out_;
  std::vector<float> row_;
  std::vector<T> source_;
  std::vector<int> columns_;
};

// Pixel rows `rows` of block `block`. A row of panels stays in the first-level cache until all of
// its pictures are in.
template <class T>
void fill_rows(const NormalizedImages& images, std::span<const Guest> guests, int block, Range rows,
               Tensor& out) {
  const std::optional<MappedBytes> bytes = images.mapped_bytes();
  std::optional<ByteRows> fast;
  if (bytes) fast.emplace(images, *bytes, out);
  std::vector<RowFiller<T>> others;
  for (const Guest& guest : guests) {
    if (fast && fast->place(guest.row, guest.image, guest.placement)) continue;
    others.emplace_back(images, guest, out);
  }
  for (int y = rows.begin; y < rows.end; ++y) {
    if (fast) {
      fast->fill(block, y, out);
    } else {
      std::fill_n(out.panel<T>(block, y, 0), out.panel_size() * out.w(), to_storage<T>(0.f));
    }
    for (RowFiller<T>& filler : others) filler.fill(block, y);
  }
}

}  // namespace

Tensor assemble(const NormalizedImages& images, std::span<const int> indices,
                std::span<const Placement> placements, DType type) {
  const int height = images.height();
  Tensor out = Tensor::images(static_cast<int>(indices.size()), images.channels(), height,
                              images.width(), type);
  const Placement still{.rows = AxisMove::none(height), .columns = AxisMove::none(images.width())};
  constexpr int kRowsPerItem = 16;
  const int items = (height + kRowsPerItem - 1) / kRowsPerItem;
  parallel_for(int64_t{out.blocks()} * items, [&](int64_t i) {
    const int block = static_cast<int>(i / items), item = static_cast<int>(i % items);
    std::vector<Guest> guests;
    for (int row = 0; row < out.live_rows(block); ++row) {
      const auto at = static_cast<size_t>(block * out.block() + row);
      guests.push_back({row, indices[at], placements.empty() ? still : placements[at]});
    }
    const Range rows{height * item / items, height * (item + 1) / items};
    with_storage(type, [&]<class T>(T) { fill_rows<T>(images, guests, block, rows, out); });
  });
  return out;
}

}  // namespace weir
