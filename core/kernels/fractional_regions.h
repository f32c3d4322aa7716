// The windows of fractional max pooling: integers only. Every image and channel has its own, so
// their edges are tables with a number for each lane of a panel.
//
// Graham, "Fractional max-pooling", 2014, arXiv:1412.6071. PyTorch draws one number u for each
// image, channel and axis, and the windows follow from it.
#pragma once

#include <cstdint>
#include <vector>

#include "core/tensor/tensor.h"
#include "core/window.h"

namespace weir::kernels {

enum class FractionalRegions : uint8_t {
  kFixed,        // PyTorch's: windows of kernel_size, which may overlap or leave gaps
  kDisjoint,     // Graham's: 1 or 2 pixels, which tile the map
  kOverlapping,  // Graham's: 2 or 3 pixels; each shares its last one with the next
};
enum class FractionalSequence : uint8_t {
  kPseudorandom,  // edge i is ceil(alpha * (i + u)): evenly spread
  kRandom,        // the steps of 1 and 2, shuffled
};

// One direction. kFixed asks for out + kernel - 1 <= in, the others for out < in < 2 * out; they do
// not read the kernel.
struct FractionalSize {
  int in = 1, out = 1, kernel = 2;
};

// What decides over the regions of one image and channel, along one axis.
struct FractionalDraw {
  float u = 0;        // in [0, 1)
  uint64_t seed = 0;  // of the shuffle, for kRandom
};

// Edge i of these windows, in increasing order: out of them for kFixed, else out + 1. Writes edge i
// to edges[i * stride].
void draw_edges(const FractionalSize& size, FractionalRegions regions, FractionalSequence sequence,
                const FractionalDraw& draw, int32_t* edges, int stride);

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
