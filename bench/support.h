// What the benchmarks share: how a row is added, what the tensors hold, and what is counted.
#pragma once

#include <functional>
#include <string>

#include <benchmark/benchmark.h>

#include "core/tensor/tensor.h"
#include "layers/layer.h"

namespace weir::bench {

constexpr int kBatch = 128;

// Work, in multiply-adds or window taps, up to which the reference kernels are measured too. They
// are there for scale; on larger layers they would take most of the time of a run.
constexpr double kReferenceWork = 50e6;

// Adds a row. Rates are per second on the wall clock; the CPU column sums over all threads.
void add_row(const std::string& name, const std::function<void(benchmark::State&)>& body);

// Values in [-1, 1), the same in every run. images: kBatch pictures of this shape.
Tensor random_images(const FeatureShape& shape);
Tensor random_plain(const Shape& shape);

// One iteration computed, moved or finished so much. Printed as rates: "FLOP=284G/s".
void count_flop(benchmark::State& state, double flop);
// Each tensor that an operation needs counts once, read or written: the least it could move.
void count_bytes(benchmark::State& state, size_t bytes);
void count_images(benchmark::State& state, int images);

}  // namespace weir::bench
