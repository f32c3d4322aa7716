// The windows of fractional max pooling in image blocks: integers only. Every image and channel has
// its own, so their edges are tables with a number for each lane of a panel.
#pragma once

#include <cstdint>
#include <vector>

#include "core/kernels/fractional_edges.h"
#include "core/tensor/tensor.h"
#include "core/window.h"

namespace weir::kernels {

// The edges of all lanes along one axis. Lanes are taken in groups: what a group of windows covers
// together is a range of the map, and the loops walk over that.
class FractionalAxis {
 public:
  static constexpr int kGroup = 16;  // lanes: the widest registers

  // Draws: [image * channels + channel]. Lanes of images that exist only in padding take the first.
  FractionalAxis(const FractionalSize& size, FractionalRegions regions, FractionalSequence sequence,
                 const std::vector<FractionalDraw>& draws, const Tensor& images);

  int in() const { return size_.in; }
  int out() const { return size_.out; }
  int groups() const { return groups_; }
  // First inputs of window `o`, and one behind the last after adding reach(), for the lanes of a
  // panel.
  const int32_t* begins(int nb, int o) const { return row(nb, o); }
  const int32_t* ends(int nb, int o) const { return row(nb, o + next_); }
  int reach() const { return reach_; }
  // Inputs in window `o` of any lane of a group, and outputs whose window holds input `i`.
  Range inputs(int nb, int group, int o) const { return inputs_[at(nb, group, o, out())]; }
  Range outputs(int nb, int group, int i) const { return outputs_[at(nb, group, i, in())]; }

 private:
  const int32_t* row(int nb, int o) const {
    return edges_.data<int32_t>() + (int64_t{nb} * (out() + next_) + o) * panel_;
  }
  size_t at(int nb, int group, int position, int positions) const {
    return (static_cast<size_t>(nb) * static_cast<size_t>(groups_) + static_cast<size_t>(group)) *
               static_cast<size_t>(positions) +
           static_cast<size_t>(position);
  }
  void keep_group(int nb, int group, const std::vector<int32_t>& edges);

  FractionalSize size_;
  int next_, reach_;  // window i ends at edge i + next_, plus reach_
  int64_t panel_;
  int groups_;
  Tensor edges_;  // I32 (blocks, out + next, panel)
  std::vector<Range> inputs_, outputs_;
};

}  // namespace weir::kernels
