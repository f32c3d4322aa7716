#include "bench/peers/onednn/training_step.h"

#include <chrono>
#include <cstddef>
#include <random>
#include <string>

#include "bench/peers/onednn/conv.h"
#include "bench/peers/onednn/linear.h"
#include "bench/peers/onednn/networks.h"
#include "bench/peers/onednn/plain.h"
#include "bench/peers/onednn/pool.h"

namespace weir::peers {
namespace {

using Clock = std::chrono::steady_clock;

// Records one layer of a network description, and names it by its number.
class LayerRecorder {
 public:
  LayerRecorder(Recorder& recorder, Signal in) : recorder_(recorder), signal_(std::move(in)) {}

  void record(const LayerSpec& spec) {
    recorder_.begin_layer("layer " + std::to_string(++number_));
    signal_ = std::visit([this](const auto& layer) { return output(layer); }, spec);
  }
  const Signal& signal() const { return signal_; }

 private:
  Signal output(const Conv& spec) { return record_conv(recorder_, signal_, spec); }
  Signal output(const Linear& spec) { return record_linear(recorder_, signal_, spec); }
  Signal output(const MaxPool&) { return record_max_pool(recorder_, signal_); }
  Signal output(const GlobalMean&) { return record_global_mean(recorder_, signal_); }

  Recorder& recorder_;
  Signal signal_;
  int number_ = 0;
};

Signal random_images(Recorder& recorder, const Conv& first) {
  const dnnl::memory::dims dims = {recorder.settings().batch, kImageChannels, kImageSize,
                                   kImageSize};
  const dnnl::memory images = recorder.allocate(preferred_input(recorder, dims, first));
  std::vector<float> pixels(static_cast<std::size_t>(dims[0]) * kImageChannels * kImageSize *
                            kImageSize);
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  for (float& pixel : pixels) pixel = normal(random);
  write_plain(pixels, images);
  return {.value = images, .gradient = {}};
}

std::vector<int> labels_of(int batch) {
  std::vector<int> labels;
  for (int i = 0; i < batch; ++i) labels.push_back(i % kNumClasses);
  return labels;
}

void initialize(std::list<Parameter>& parameters) {
  unsigned seed = 1;
  for (Parameter& parameter : parameters) {
    const bool is_bias = parameter.value().get_desc().dims().size() == 1;
    if (!is_bias) parameter.initialize(seed++);
  }
}

void execute(const Command& command, const dnnl::stream& stream) {
  command.primitive.execute(stream, command.arguments);
}

}  // namespace

TrainingStep::TrainingStep(const Settings& settings)
    : recorder_(settings), stream_(recorder_.engine()) {
  const std::vector<LayerSpec> specs = network_named(settings.net);
  LayerRecorder layers(recorder_, random_images(recorder_, std::get<Conv>(specs.front())));
  for (const LayerSpec& spec : specs) layers.record(spec);
  loss_ = std::make_unique<CrossEntropy>(recorder_, layers.signal(), labels_of(settings.batch));
  initialize(recorder_.parameters());
  forward_ = recorder_.forward_commands();
  backward_ = recorder_.backward_commands();
}

float TrainingStep::compute_gradients() {
  for (const Command& command : forward_) execute(command, stream_);
  const float loss = loss_->run();
  for (const Command& command : backward_) execute(command, stream_);
  return loss;
}

float TrainingStep::run() {
  const float loss = compute_gradients();
  update();
  return loss;
}

void TrainingStep::update() {
  for (Parameter& parameter : parameters()) parameter.update(Sgd{});
}

std::vector<CommandTime> TrainingStep::profile(int steps) {
  std::vector<CommandTime> times;
  const auto measure = [&](const std::vector<Command>& commands, std::size_t& row) {
    for (const Command& command : commands) {
      if (row == times.size())
        times.push_back({command.layer, command.what, command.implementation});
      const Clock::time_point start = Clock::now();
      execute(command, stream_);
      stream_.wait();
      const std::chrono::duration<double, std::milli> elapsed = Clock::now() - start;
      times[row++].milliseconds += elapsed.count() / steps;
    }
  };
  for (int step = 0; step < steps; ++step) {
    std::size_t row = 0;
    measure(forward_, row);
    loss_->run();
    measure(backward_, row);
    update();
  }
  return times;
}

long long TrainingStep::parameter_count() {
  long long count = 0;
  for (const Parameter& parameter : parameters()) count += parameter.count();
  return count;
}

}  // namespace weir::peers
