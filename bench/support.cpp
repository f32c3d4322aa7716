#include "bench/support.h"

#include <vector>

#include "core/runtime/philox.h"

namespace weir::bench {
namespace {

using benchmark::Counter;

// A short random sequence again and again: drawing each value of a large tensor would take longer
// than many of the measurements. The length is prime, so that channels do not repeat in step.
void fill(Tensor& tensor) {
  constexpr int64_t kPeriod = 4093;
  Philox random(1, Purpose::kTest);
  float* values = tensor.data();
  for (int64_t i = 0; i < tensor.stored(); ++i) {
    values[i] = i < kPeriod ? random.uniform(-1.f, 1.f) : values[i - kPeriod];
  }
}

void count(benchmark::State& state, const char* unit, double amount) {
  state.counters[unit] = Counter(amount, Counter::kIsIterationInvariantRate);
}

}  // namespace

void add_row(const std::string& name, const std::function<void(benchmark::State&)>& body) {
  benchmark::RegisterBenchmark(name.c_str(), body)
      ->Unit(benchmark::kMillisecond)
      ->MeasureProcessCPUTime()
      ->UseRealTime();
}

Tensor random_images(const FeatureShape& shape) {
  Tensor images = Tensor::images(kBatch, shape.c, shape.h, shape.w);
  fill(images);
  return images;
}

Tensor random_plain(const Shape& shape) {
  Tensor tensor = Tensor::empty(shape);
  fill(tensor);
  return tensor;
}

void count_flop(benchmark::State& state, double flop) { count(state, "FLOP", flop); }

void count_bytes(benchmark::State& state, size_t bytes) {
  count(state, "bytes", static_cast<double>(bytes));
}

void count_images(benchmark::State& state, int images) { count(state, "images", images); }

}  // namespace weir::bench
