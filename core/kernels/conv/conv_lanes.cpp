// Convolution of few channels at stride 1 (first layers, LeNet), with images as lanes: panels of
// few channels do not fill a vector, but a transposed row of them, (C, W * B), does for any C.
//   forward           y row^T (K, OW*B)  = sum over taps and channels of weight * shifted x row^T
//   backward data     the same from dy, the taps mirrored
//   backward weights  dW[tap][c][k]      = dot product of shifted x row^T and dy row^T
// Each job transposes the rows that it needs into scratch that stays in cache.
#include <algorithm>
#include <vector>

#include "core/kernels/conv/conv2d.h"
#include "core/kernels/conv/conv_weights.h"
#include "core/kernels/conv/lane_rows.h"
#include "core/kernels/gemm/panel_gemm.h"
#include "core/kernels/gemm/transpose.h"
#include "core/runtime/parallel.h"

namespace weir::kernels {
namespace {

// Below a vector's width, a panel's row leaves most of the lanes empty.
constexpr int kFewChannels = 16;
// With more outputs than this, vectors of output channels are full enough and need no
// transposition.
constexpr int kFewOutputs = 24;

bool accepts(const ConvShape& shape, DType x) {
  const auto plain = [](const Axis& axis) { return axis.stride == 1 && axis.dilation == 1; };
  return x == DType::kF32 && shape.groups == 1 && shape.c < kFewChannels && plain(shape.window.y) &&
         plain(shape.window.x);
}

// Where a tap reads: position + first + step * tap, in a source of `size`.
struct Reach {
  int first, step, taps, size;

  static Reach forward(const Axis& axis) { return {-axis.pad, 1, axis.kernel, axis.in}; }
  static Reach backward(const Axis& axis) { return {axis.pad, -1, axis.kernel, axis.out()}; }
  int from(int position, int tap) const { return position + first + step * tap; }
  int lowest() const { return std::min(first, first + step * (taps - 1)); }
  // The taps of `position` that lie in the source.
  Range inside(int position) const {
    const auto tap_at = [&](int at) { return step * (at - position - first); };
    const int low = std::min(tap_at(0), tap_at(size - 1));
    return {std::clamp(low, 0, taps), std::clamp(low + size, 0, taps)};
  }
  // The part of the source that the taps of `positions` reach.
  Range source(Range positions) const {
    const int begin = std::clamp(positions.begin + lowest(), 0, size);
    return {begin, std::clamp(positions.end - 1 + lowest() + taps, begin, size)};
  }
};

// Rows of panels transposed: for each row, copy and channel the pixels [begin, end) x images. Copy
// i is shifted by i pixels.
struct LaneLayout {
  LaneLayout(const Tensor& images, Range wanted, int number_of_copies = 1)
      : channels(images.c()),
        block(images.block()),
        copies(number_of_copies),
        pixels(wanted),
        stride(int64_t{wanted.size()} * block + kLaneSlack) {}

  int channels, block, copies;
  Range pixels;
  int64_t stride;  // floats from one channel to the next
  int64_t row_stride() const { return copies * channels * stride; }
};

// Rows `rows` of block nb. Zero outside the image and in the slack.
class LaneRows {
 public:
  LaneRows(const LaneLayout& layout, const Tensor& images, int nb, Range rows)
      : layout_(layout),
        first_(rows.begin),
        values_(Tensor::empty({std::max(rows.size(), 1), layout.row_stride()})) {
    for (int y = rows.begin; y < rows.end; ++y) {
      for (int copy = 0; copy < layout.copies; ++copy) {
        fill(images, nb, y, {layout.pixels.begin + copy, layout.pixels.end + copy},
             values_.data() + row(y) + copy * layout.channels * layout.stride);
      }
    }
  }
  const float* data() const { return values_.data(); }
  // Where row y begins; may lie outside of what there is.
  int64_t row(int y) const { return (y - first_) * layout_.row_stride(); }

 private:
  void fill(const Tensor& images, int nb, int y, Range pixels, float* to) {
    const int channels = layout_.channels;
    const int64_t stride = layout_.stride;
    const int begin = std::clamp(0, pixels.begin, pixels.end);
    const int end = std::clamp(images.w(), begin, pixels.end);
    const int64_t before = int64_t{begin - pixels.begin} * layout_.block;
    const int64_t count = int64_t{end - begin} * layout_.block;
    if (count > 0) {
      transpose({count, channels, channels, stride}, images.panel(nb, y, begin), to + before);
    }
    for (int c = 0; c < channels; ++c) {
      std::fill_n(to + c * stride, before, 0.f);
      std::fill_n(to + c * stride + before + count, stride - before - count, 0.f);
    }
  }

  LaneLayout layout_;
  int first_;
  Tensor values_;
};

// Rows of a block to a job: neighbouring jobs both transpose the rows between them, so few jobs are
// good, as long as there are some for each thread.
constexpr int kEnoughJobs = 8;
int strips(int blocks, int rows) {
  constexpr int kLeastRows = 4;
  return std::clamp(div_ceil(kEnoughJobs, blocks), 1, div_ceil(rows, kLeastRows));
}

// Neighbouring pixels of the destination whose taps along x are the same, and the products that
// give one of their rows, in the order of (tap y, tap x, channel). Rows count from lanes.row(y) of
// destination row y.
struct Segment {
  Range pixels;
  int per_tap_row = 0;
  std::vector<LaneTerm> terms;

  // Those whose taps along y are inside the source.
  std::span<const LaneTerm> within(Range taps_y) const {
    const auto per_row = static_cast<size_t>(per_tap_row);
    return std::span(terms).subspan(static_cast<size_t>(taps_y.begin) * per_row,
                                    static_cast<size_t>(taps_y.size()) * per_row);
  }
};

Segment make_segment(const LaneLayout& source, const Reach& y, const Reach& x, Range taps_x,
                     Range pixels, int outputs) {
  Segment segment{.pixels = pixels, .per_tap_row = taps_x.size() * source.channels, .terms = {}};
  segment.terms.reserve(static_cast<size_t>(y.taps * segment.per_tap_row));
  for (int ty = 0; ty < y.taps; ++ty) {
    for (int tx = taps_x.begin; tx < taps_x.end; ++tx) {
      const int64_t pixel = x.from(pixels.begin, tx) - source.pixels.begin;
      const int64_t row = y.from(0, ty) * source.row_stride() + pixel * source.block;
      const int64_t tap = int64_t{ty} * x.taps + tx;
      for (int c = 0; c < source.channels; ++c) {
        segment.terms.push_back({row + c * source.stride, (tap * source.channels + c) * outputs});
      }
    }
  }
  return segment;
}

// What forward and backward data have in common: `destination` from `source`.
struct Pass {
  const Tensor& source;
  Tensor& destination;
  Reach y, x;
  const Tensor& weights;  // (taps, source channels, destination channels)
};

// Products with the zeros of the padding are left out.
std::vector<Segment> make_segments(const Pass& p, const LaneLayout& source) {
  std::vector<Segment> list;
  for (int begin = 0, end = 0; begin < p.destination.w(); begin = end) {
    const Range taps = p.x.inside(begin);
    while (end < p.destination.w() && p.x.inside(end) == taps) ++end;
    list.push_back(make_segment(source, p.y, p.x, taps, {begin, end}, p.destination.c()));
  }
  return list;
}

void convolve_strip(const Pass& p, const LaneLayout& source, const std::vector<Segment>& segments,
                    const Epilogue& epilogue, int nb, Range strip) {
  const int outputs = p.destination.c(), block = p.source.block();
  const LaneRows lanes(source, p.source, nb, p.y.source(strip));
  const int64_t length = int64_t{p.destination.w()} * block;
  Tensor result = Tensor::empty({outputs, length + kLaneSlack});
  const bool in_registers = !epilogue.dropout;
  for (int y = strip.begin; y < strip.end; ++y) {
    for (const Segment& segment : segments) {
      sum_lane_rows({.outputs = outputs,
                     .first = lanes.row(y),
                     .length = int64_t{segment.pixels.size()} * block,
                     .result_row = length + kLaneSlack,
                     .bias = in_registers ? epilogue.bias : nullptr,
                     .relu = in_registers && epilogue.relu},
                    segment.within(p.y.inside(y)), lanes.data(), p.weights.data(),
                    result.data() + int64_t{segment.pixels.begin} * block);
    }
    transpose({outputs, length, length + kLaneSlack, outputs}, result.data(),
              p.destination.panel(nb, y, 0));
    const Range row{0, p.destination.w()};
    if (in_registers) {
      epilogue.tell(nb, y, row);
    } else {
      finish_panels(epilogue, p.destination, nb, y, row);
    }
  }
}

void convolve(const Pass& p, const Epilogue& epilogue) {
  const int blocks = p.destination.blocks(), rows = p.destination.h(), cuts = strips(blocks, rows);
  const LaneLayout source(p.source, {0, p.source.w()});
  const std::vector<Segment> segments = make_segments(p, source);
  parallel_for(int64_t{blocks} * cuts, [&](int64_t job) {
    const int nb = static_cast<int>(job / cuts), cut = static_cast<int>(job % cuts);
    convolve_strip(p, source, segments, epilogue, nb, {rows * cut / cuts, rows * (cut + 1) / cuts});
  });
}

void forward(const ConvShape& shape, const Tensor& x, const Tensor& weight,
             const Epilogue& epilogue, Tensor& y) {
  if (shape.k > kFewOutputs) return kConvPanels.forward(shape, x, weight, epilogue, y);
  const Tensor packed = pack_weights(shape, weight);
  convolve({x, y, Reach::forward(shape.window.y), Reach::forward(shape.window.x), packed},
           epilogue);
}

void backward_data(const ConvShape& shape, const Tensor& dy, const Tensor& weight, Tensor& dx) {
  const Tensor packed = pack_weights_transposed(shape, weight);
  convolve({dy, dx, Reach::backward(shape.window.y), Reach::backward(shape.window.x), packed}, {});
}

// dw += the output rows `strip` of block nb. Few outputs: both sides transposed, sums over lanes.
void add_strip_few(const ConvShape& shape, const Tensor& x, const Tensor& dy, int nb, Range strip,
                   float* partial) {
  // Rows for which the sums leave the registers once; their gradients stay in the nearest cache.
  constexpr int kLanesTogether = 1280;
  const int rows_together = std::max(kLanesTogether / (dy.w() * dy.block()), 1);
  const Reach reach_y = Reach::forward(shape.window.y), reach_x = Reach::forward(shape.window.x);
  const LaneLayout source(x, {reach_x.first, reach_x.first + dy.w() + reach_x.taps - 1});
  const LaneRows lanes(source, x, nb, reach_y.source(strip));
  const Segment all =
      make_segment(source, reach_y, reach_x, {0, reach_x.taps}, {0, dy.w()}, shape.k);
  const LaneLayout gradient(dy, {0, dy.w()});
  for (int y = strip.begin, end = y; y < strip.end; y = end) {
    const Range inside = reach_y.inside(y);
    while (end < std::min(strip.end, y + rows_together) && reach_y.inside(end) == inside) ++end;
    const LaneRows gradients(gradient, dy, nb, {y, end});
    dot_lane_rows({.outputs = shape.k,
                   .first = lanes.row(y),
                   .length = int64_t{dy.w()} * dy.block(),
                   .gradient_row = gradient.stride,
                   .repeats = end - y,
                   .next_row = source.row_stride(),
                   .next_gradients = gradient.row_stride()},
                  all.within(inside), lanes.data(), gradients.data(), partial);
  }
}

// Many outputs: lanes are output channels, and all taps together are the rows of one product.
void add_strip_many(const ConvShape& shape, const Tensor& x, const Tensor& dy, int nb, Range strip,
                    float* dw) {
  constexpr int kPixelsTogether = 8;  // their panels stay in cache for all rows of the product
  const Reach reach_y = Reach::forward(shape.window.y), reach_x = Reach::forward(shape.window.x);
  const int per_row = reach_x.taps * shape.c;
  const LaneLayout source(x, {reach_x.first, reach_x.first + dy.w()}, reach_x.taps);
  const LaneRows lanes(source, x, nb, reach_y.source(strip));
  for (int y = strip.begin; y < strip.end; ++y) {
    const Range inside = reach_y.inside(y);
    if (inside.size() == 0) continue;
    const float* row = lanes.data() + lanes.row(reach_y.from(y, inside.begin));
    for (int pixel = 0; pixel < dy.w(); pixel += kPixelsTogether) {
      const PanelTerm term{row + int64_t{pixel} * x.block(), dy.panel(nb, y, pixel)};
      panel_gemm({.m = inside.size() * per_row,
                  .n = shape.k,
                  .k = std::min(kPixelsTogether, dy.w() - pixel) * x.block(),
                  .a_row = source.stride,
                  .b_row = shape.k,
                  .c_row = shape.k,
                  .accumulate = true},
                 {&term, 1}, dw + int64_t{inside.begin} * per_row * shape.k);
    }
  }
}

// Calls add(nb, strip) for the output rows [begin, end), numbered through all blocks.
template <class Add>
void for_strips(const Tensor& dy, int64_t begin, int64_t end, Add add) {
  for (int64_t r = begin; r < end;) {
    const int nb = static_cast<int>(r / dy.h()), first = static_cast<int>(r % dy.h());
    const int last = static_cast<int>(std::min<int64_t>(dy.h(), first + end - r));
    add(nb, Range{first, last});
    r += last - first;
  }
}

// Into how many sums the gradient of the weights is cut. Each costs as much as some lanes.
int weight_chunks(const Tensor& dy) {
  constexpr int64_t kLeastLanes = 1024, kLeastChunks = 2;
  const int64_t lanes = dy.stored() / dy.c();
  return static_cast<int>(std::clamp<int64_t>(lanes / kLeastLanes, kLeastChunks, kEnoughJobs));
}

void backward_weights(const ConvShape& shape, const Tensor& x, const Tensor& dy, Tensor& dweight) {
  const auto sum_rows = [&](int64_t begin, int64_t end, float* dw) {
    if (shape.k > kFewOutputs) {
      std::fill_n(dw, shape.weights(), 0.f);
      for_strips(dy, begin, end,
                 [&](int nb, Range strip) { add_strip_many(shape, x, dy, nb, strip, dw); });
    } else {
      Tensor partial = Tensor::zeros({shape.weights(), kLaneSlack});
      for_strips(dy, begin, end, [&](int nb, Range strip) {
        add_strip_few(shape, x, dy, nb, strip, partial.data());
      });
      fold_lane_dots(partial.data(), shape.weights(), dw);
    }
  };
  sum_weight_gradients(shape, dy.blocks() * dy.h(), sum_rows, dweight, weight_chunks(dy));
}

}  // namespace

const Conv2dKernel kConvLanes{.name = "lanes",
                              .accepts = accepts,
                              .forward = forward,
                              .backward_data = backward_data,
                              .backward_weights = backward_weights};

}  // namespace weir::kernels
