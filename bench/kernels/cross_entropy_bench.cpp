// The loss on the scores of a batch: 10 classes, as all three networks have, and 100.
#include <array>
#include <vector>

#include <fmt/core.h>

#include "bench/benchmarks.h"
#include "bench/support.h"
#include "core/functions/cross_entropy.h"
#include "core/kernels/softmax.h"

namespace weir::bench {
namespace {

using benchmark::State;

std::vector<int> labels_up_to(int classes) {
  std::vector<int> labels;
  for (int i = 0; i < kBatch; ++i) labels.push_back(i % classes);
  return labels;
}

void softmax(State& state, int classes) {
  const Tensor logits = random_images({classes});
  Tensor probabilities = random_images({classes});
  std::vector<double> log_sums(kBatch);
  for (auto _ : state) kernels::softmax_rows(logits, probabilities, log_sums);
}

void forward(State& state, int classes) {
  const Variable logits(random_images({classes}));
  const std::vector<int> labels = labels_up_to(classes);
  for (auto _ : state) benchmark::DoNotOptimize(cross_entropy(logits, labels));
}

// A tape is walked once, so the forward pass that records it belongs to the measurement.
void forward_backward(State& state, int classes) {
  Variable logits(random_images({classes}), true);
  const std::vector<int> labels = labels_up_to(classes);
  for (auto _ : state) {
    Tape tape;
    tape.backward(cross_entropy(logits, labels));
    logits.clear_grad();
  }
}

struct Pass {
  const char* name;
  void (*run)(State& state, int classes);
};
constexpr std::array kPasses{Pass{"softmax", softmax}, Pass{"forward", forward},
                             Pass{"forward_backward", forward_backward}};

}  // namespace

void add_cross_entropy_benchmarks() {
  for (const int classes : {10, 100}) {
    for (const Pass& pass : kPasses) {
      add_row(fmt::format("cross_entropy/{}x{}/{}", kBatch, classes, pass.name), [=](State& state) {
        pass.run(state, classes);
        count_images(state, kBatch);
      });
    }
  }
}

}  // namespace weir::bench
