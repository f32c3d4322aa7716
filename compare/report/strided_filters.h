// What a convolution with a stride has learned where a network had pooling.
//
// A convolution (O, I, KH, KW) is a bank of O*I filters, one from each input channel to each output
// channel. Average pooling would be the box filter from each channel to itself and nothing
// elsewhere; BlurPool the binomial filter; taking every second pixel the delta. So each filter is
// laid beside these three: the cosine of the angle between them, 1 for the same shape whatever its
// size, -1 for its negative, and about 0 -+ 1/sqrt(KH*KW) for numbers drawn at random.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compare/statistics/sample.h"
#include "core/tensor/tensor.h"
#include "layers/sequential.h"

namespace weir {

inline constexpr int kCosineBins = 20;  // of width 0.1, from -1 to 1; the last holds 1 too
inline constexpr int kExampleFilters = 12;

struct Cosines {
  std::optional<SampleSummary> summary;  // none when every filter is zero
  std::array<int64_t, kCosineBins> counts{};
};

struct FilterGroup {
  int64_t count = 0;
  int64_t zero = 0;                         // filters of zeros: they have no cosine
  std::vector<double> mean, mean_absolute;  // KH*KW taps, row by row
  SampleSummary dc_gain;                    // sums of taps: what a flat map of ones becomes
  Cosines box, delta, binomial;
};

// One filter with its three cosines.
struct ExampleFilter {
  int out = 0, in = 0;
  std::vector<double> taps;
  double dc_gain = 0, box = 0, delta = 0, binomial = 0;
};

struct StridedFilters {
  std::string layer;  // its path in the network: "features.6"
  int in_channels = 0, out_channels = 0;
  int kernel_h = 0, kernel_w = 0, stride_h = 1, stride_w = 1;
  FilterGroup all;
  // The filters from a channel to the channel of the same number; none when the two counts differ.
  std::optional<FilterGroup> same_channel;
  // Their share of the sum of squares of all weights: 1 for pooling, 1 / I for no preference.
  std::optional<double> same_channel_energy;
  // Of the filters from a channel to itself, else of all: sorted by their cosine to the box, at
  // equal steps of rank from the first to the last.
  std::vector<ExampleFilter> examples;
};

// `weight` is (O, I/groups, KH, KW), plain. Fills all but the layer's name and stride.
StridedFilters describe_filters(const Tensor& weight, int in_channels);

// Every Conv2d of stride above 1, in order of execution; `input` is one image's shape.
std::vector<StridedFilters> strided_filters(const Sequential& network, const FeatureShape& input);

}  // namespace weir
