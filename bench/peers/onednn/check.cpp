#include "bench/peers/onednn/check.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "bench/peers/onednn/conv.h"
#include "bench/peers/onednn/plain.h"
#include "bench/peers/onednn/plain_conv.h"
#include "bench/peers/onednn/recorder.h"
#include "bench/peers/onednn/training_step.h"

namespace weir::peers {
namespace {

bool report(const std::string& what, double value, double limit) {
  const bool good = value <= limit;
  fmt::print("{:<62} {:9.2e}, at most {:.2g}  {}\n", what, value, limit, good ? "ok" : "WRONG");
  return good;
}

std::size_t numel(const dnnl::memory& memory) { return read_plain(memory).size(); }

std::vector<float> fill_random(const dnnl::memory& memory, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(numel(memory));
  for (float& value : values) value = normal(random);
  write_plain(values, memory);
  return read_plain(memory);  // as the memory's type rounds them
}

// The difference relative to the expected numbers, both as Euclidean norms.
double distance(const std::vector<float>& actual, const std::vector<double>& expected) {
  double difference = 0;
  double size = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    difference += std::pow(actual[i] - expected[i], 2);
    size += std::pow(expected[i], 2);
  }
  return actual.size() == expected.size() ? std::sqrt(difference / size) : INFINITY;
}

// One recorded convolution beside its plain loops.
class ConvCheck {
 public:
  ConvCheck(const Settings& settings, const PlainConv& plain) : plain_(plain), recorder_(settings) {
    recorder_.begin_layer("conv");
    const dnnl::memory::dims dims = {plain.batch, plain.channels, plain.height, plain.width};
    in_ = recorder_.allocate_signal(preferred_input(recorder_, dims, plain.spec));
    out_ = record_conv(recorder_, in_, plain.spec);
  }

  bool passes() {
    const std::vector<float> input = fill_random(in_.value, 1);
    const std::vector<float> weights = rounded_weights();
    const std::vector<float> bias = fill_random(bias_of(recorder_).value(), 3);
    run(recorder_.forward_commands());
    const std::vector<float> output = read_plain(out_.value);
    std::vector<double> expected = plain_.forward(input, weights, bias);
    for (double& value : expected) value = std::max(value, 0.0);

    std::vector<float> slope = fill_random(out_.gradient, 4);
    run(recorder_.backward_commands());
    for (std::size_t i = 0; i < slope.size(); ++i) slope[i] = output[i] > 0 ? slope[i] : 0.0f;
    const PlainConv::Gradients gradients = plain_.backward(input, weights, slope);

    bool good = report(name("forward"), distance(output, expected), activation_limit());
    good &= report(name("input gradient"), distance(read_plain(in_.gradient), gradients.input),
                   activation_limit());
    good &= report(name("weight gradient"),
                   distance(read_plain(weights_of(recorder_).gradient()), gradients.weights),
                   kFp32Limit);
    good &= report(name("bias gradient"),
                   distance(read_plain(bias_of(recorder_).gradient()), gradients.bias), kFp32Limit);
    return good;
  }

 private:
  // Sums of some hundred products lose a few units in the last of 24 bits; Winograd F(4x4) about
  // ten times more.
  static constexpr double kFp32Limit = 1e-5;

  // A result rounded to the 8 bits of bf16 is off by at most 2^-9 of itself.
  double activation_limit() const { return recorder_.settings().bf16 ? 0x1p-9 : kFp32Limit; }

  static Parameter& weights_of(Recorder& recorder) { return recorder.parameters().front(); }
  static Parameter& bias_of(Recorder& recorder) { return recorder.parameters().back(); }

  // Random weights that the type of the activations can represent.
  std::vector<float> rounded_weights() {
    const dnnl::memory& weights = weights_of(recorder_).value();
    const dnnl::memory::dims dims = weights.get_desc().dims();
    const dnnl::memory rounded = recorder_.allocate(
        {dims, recorder_.settings().activation_type(), dnnl::memory::format_tag::oihw});
    const std::vector<float> values = fill_random(rounded, 2);
    write_plain(values, weights);
    return values;
  }

  void run(const std::vector<Command>& commands) {
    dnnl::stream stream(recorder_.engine());
    for (const Command& command : commands) {
      command.primitive.execute(stream, command.arguments);
      if (command.what.starts_with("conv forward")) implementation_ = command.implementation;
    }
    stream.wait();
  }

  std::string name(const std::string& what) const {
    return fmt::format("conv {}x{}x{} to {}, {} ({})", plain_.channels, plain_.height, plain_.width,
                       plain_.spec.channels, what, implementation_);
  }

  PlainConv plain_;
  Recorder recorder_;
  Signal in_;
  Signal out_;
  std::string implementation_;
};

// The slope of the loss along its gradient is the gradient's squared length: measures that slope
// by going a small way up and down.
bool check_slope(TrainingStep& step, bool bf16) {
  const float loss = step.compute_gradients();
  double squared_length = 0;
  std::vector<std::vector<float>> start;
  std::vector<std::vector<float>> gradient;
  for (Parameter& parameter : step.parameters()) {
    start.emplace_back(parameter.values().begin(), parameter.values().end());
    gradient.emplace_back(parameter.gradients().begin(), parameter.gradients().end());
    for (const float value : gradient.back()) squared_length += std::pow(value, 2);
  }
  const auto loss_at = [&](double way) {
    std::size_t i = 0;
    for (Parameter& parameter : step.parameters()) {
      const std::span<float> values = parameter.values();
      for (std::size_t k = 0; k < values.size(); ++k) {
        values[k] = start[i][k] + static_cast<float>(way) * gradient[i][k];
      }
      ++i;
    }
    return step.compute_gradients();
  };
  // Far enough that the losses differ by many times their rounding: in bf16 that is 2^-9 of each,
  // up to a fifth of their difference.
  const double way = (bf16 ? 1e-2 : 1e-3) * loss / squared_length;
  const double slope = (loss_at(way) - loss_at(-way)) / (2 * way);
  loss_at(0);
  return report("network: slope of the loss against its gradient",
                std::abs(slope / squared_length - 1), bf16 ? 0.2 : 0.01);
}

// The rate of Sgd is small; LeNet-5 loses two fifths of its loss, All-CNN-C a sixth.
bool check_training(TrainingStep& step) {
  constexpr int kSteps = 20;
  constexpr double kRemains = 0.95;
  const float first = step.run();
  for (int i = 0; i < kSteps; ++i) step.run();
  const float last = step.run();
  return report("network: loss after twenty steps, by loss before", last / first, kRemains);
}

}  // namespace

bool check(const Settings& settings) {
  const std::vector<PlainConv> shapes = {
      {.spec = {.channels = 6, .kernel = 5}, .batch = 2, .channels = 3, .height = 11, .width = 14},
      {.spec = {.channels = 32, .padding = 1},
       .batch = 3,
       .channels = 16,
       .height = 12,
       .width = 9},
      {.spec = {.channels = 16, .stride = 2, .padding = 1},
       .batch = 2,
       .channels = 32,
       .height = 13,
       .width = 10},
      {.spec = {.channels = 10, .kernel = 1}, .batch = 3, .channels = 16, .height = 6, .width = 7}};
  bool good = true;
  for (const PlainConv& shape : shapes) good &= ConvCheck(settings, shape).passes();
  TrainingStep step(settings);
  good &= check_slope(step, settings.bf16);
  good &= check_training(step);
  return good;
}

}  // namespace weir::peers
