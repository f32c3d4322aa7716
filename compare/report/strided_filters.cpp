#include "compare/report/strided_filters.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <numeric>
#include <span>
#include <tuple>

#include "core/kernels/pool/binomial.h"

namespace weir {
namespace {

using Taps = std::vector<double>;

// A filter of the bank, its taps where they lie.
struct Filter {
  int out = 0, in = 0;
  std::span<const float> taps;
};

// What filters are laid beside.
struct References {
  Taps box, delta, binomial;
};

double dot(const auto& a, const auto& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0, std::plus<>(),
                            [](double x, double y) { return x * y; });
}

double cosine(std::span<const float> taps, const Taps& reference) {
  const double length = std::sqrt(dot(taps, taps)) * std::sqrt(dot(reference, reference));
  return std::clamp(dot(taps, reference) / length, -1.0, 1.0);
}

bool is_zero(const Filter& filter) { return dot(filter.taps, filter.taps) == 0; }

double sum_of(const Filter& filter) {
  return std::accumulate(filter.taps.begin(), filter.taps.end(), 0.0);
}

// One direction of the binomial filter, whose rows are multiples of one another and sum to 1.
Taps binomial_row(int size) {
  const std::vector<float> square = kernels::binomial_filter(size);
  Taps row(static_cast<size_t>(size), 0.0);
  for (size_t i = 0; i < square.size(); ++i) row[i % row.size()] += square[i];
  return row;
}

References references(int height, int width) {
  const auto taps = static_cast<size_t>(height) * static_cast<size_t>(width);
  References made{.box = Taps(taps, 1.0), .delta = Taps(taps, 0.0), .binomial = {}};
  made.delta[static_cast<size_t>((height - 1) / 2 * width + (width - 1) / 2)] = 1;
  for (const double y : binomial_row(height)) {
    for (const double x : binomial_row(width)) made.binomial.push_back(y * x);
  }
  return made;
}

std::vector<Filter> filters_of(const Tensor& weight, int in_channels) {
  const int out_channels = static_cast<int>(weight.shape()[0]);
  const int in_group = static_cast<int>(weight.shape()[1]), groups = in_channels / in_group;
  const auto taps = static_cast<size_t>(weight.shape()[2] * weight.shape()[3]);
  const float* at = weight.data();
  std::vector<Filter> filters;
  for (int out = 0; out < out_channels; ++out) {
    const int first = out / (out_channels / groups) * in_group;
    for (int i = 0; i < in_group; ++i, at += taps) filters.push_back({out, first + i, {at, taps}});
  }
  return filters;
}

Cosines cosines_of(const std::vector<Filter>& filters, const Taps& reference) {
  Cosines found;
  std::vector<double> values;
  for (const Filter& filter : filters) {
    if (is_zero(filter)) continue;
    values.push_back(cosine(filter.taps, reference));
    const int bin = static_cast<int>((values.back() + 1) / 2 * kCosineBins);
    ++found.counts[static_cast<size_t>(std::min(bin, kCosineBins - 1))];
  }
  if (!values.empty()) found.summary = summarize_sample(values);
  return found;
}

FilterGroup describe(const std::vector<Filter>& filters, const References& shapes) {
  FilterGroup group{.count = static_cast<int64_t>(filters.size()),
                    .zero = std::count_if(filters.begin(), filters.end(), is_zero),
                    .mean = Taps(shapes.box.size(), 0.0),
                    .mean_absolute = Taps(shapes.box.size(), 0.0),
                    .box = cosines_of(filters, shapes.box),
                    .delta = cosines_of(filters, shapes.delta),
                    .binomial = cosines_of(filters, shapes.binomial)};
  std::vector<double> gains;
  for (const Filter& filter : filters) {
    gains.push_back(sum_of(filter));
    for (size_t tap = 0; tap < filter.taps.size(); ++tap) {
      group.mean[tap] += filter.taps[tap] / static_cast<double>(filters.size());
      group.mean_absolute[tap] += std::abs(filter.taps[tap]) / static_cast<double>(filters.size());
    }
  }
  group.dc_gain = summarize_sample(gains);
  return group;
}

std::vector<ExampleFilter> examples_of(const std::vector<Filter>& filters,
                                       const References& shapes) {
  std::vector<ExampleFilter> all;
  for (const Filter& filter : filters) {
    if (is_zero(filter)) continue;
    all.push_back({.out = filter.out,
                   .in = filter.in,
                   .taps = Taps(filter.taps.begin(), filter.taps.end()),
                   .dc_gain = sum_of(filter),
                   .box = cosine(filter.taps, shapes.box),
                   .delta = cosine(filter.taps, shapes.delta),
                   .binomial = cosine(filter.taps, shapes.binomial)});
  }
  std::sort(all.begin(), all.end(), [](const ExampleFilter& a, const ExampleFilter& b) {
    return std::tuple(a.box, a.out, a.in) < std::tuple(b.box, b.out, b.in);
  });
  if (all.size() <= kExampleFilters) return all;
  std::vector<ExampleFilter> chosen;
  for (size_t i = 0; i < kExampleFilters; ++i) {
    chosen.push_back(all[i * (all.size() - 1) / (kExampleFilters - 1)]);
  }
  return chosen;
}

double energy(const std::vector<Filter>& filters) {
  double sum = 0;
  for (const Filter& filter : filters) sum += dot(filter.taps, filter.taps);
  return sum;
}

}  // namespace

StridedFilters describe_filters(const Tensor& weight, int in_channels) {
  const Shape& shape = weight.shape();
  StridedFilters found{.in_channels = in_channels,
                       .out_channels = static_cast<int>(shape[0]),
                       .kernel_h = static_cast<int>(shape[2]),
                       .kernel_w = static_cast<int>(shape[3])};
  const References shapes = references(found.kernel_h, found.kernel_w);
  const std::vector<Filter> all = filters_of(weight, in_channels);
  found.all = describe(all, shapes);
  std::vector<Filter> own;
  if (found.in_channels == found.out_channels) {
    std::copy_if(all.begin(), all.end(), std::back_inserter(own),
                 [](const Filter& filter) { return filter.out == filter.in; });
    found.same_channel = describe(own, shapes);
    if (found.all.zero < found.all.count) found.same_channel_energy = energy(own) / energy(all);
  }
  found.examples = examples_of(found.same_channel ? own : all, shapes);
  return found;
}

std::vector<StridedFilters> strided_filters(const Sequential& network, const FeatureShape& input) {
  std::vector<StridedFilters> list;
  FeatureShape shape = input;
  for (const Sequential::Leaf& leaf : network.leaves()) {
    const Window2d window = leaf.layer->window(shape);
    if (leaf.layer->kind() == "Conv2d" && std::max(window.y.stride, window.x.stride) > 1) {
      list.push_back(describe_filters(leaf.layer->parameters().front().variable.value(), shape.c));
      list.back().layer = leaf.path;
      list.back().stride_h = window.y.stride;
      list.back().stride_w = window.x.stride;
    }
    shape = leaf.layer->output_shape(shape);
  }
  return list;
}

}  // namespace weir
