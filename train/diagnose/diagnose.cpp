#include "train/diagnose/diagnose.h"

#include <memory>
#include <utility>

#include "core/base/error.h"
#include "core/functions/cross_entropy.h"
#include "layers/layer_watch.h"
#include "train/checkpoint/named_tensors.h"
#include "train/diagnose/gradient_reach.h"
#include "train/diagnose/shift_response.h"
#include "train/diagnose/window_maxima.h"
#include "train/metrics/scores.h"
#include "train/trainer/prepared_data.h"

namespace weir {
namespace {

// What is counted for one layer.
struct PoolCounts {
  explicit PoolCounts(const PoolingLayer& layer)
      : maxima(layer.window), shift(layer.pixels_apart) {}
  GradientReach reach;
  WindowMaxima maxima;
  ShiftResponse shift;
};

std::optional<MaximaShares> shares_of(const WindowMaxima& maxima) {
  if (!maxima.matches()) return std::nullopt;
  const auto share = [](int64_t part, int64_t all) {
    return all == 0 ? 0. : static_cast<double>(part) / static_cast<double>(all);
  };
  MaximaShares shares{.ties = share(maxima.tied(), maxima.windows()),
                      .zero_ties = share(maxima.zero(), maxima.tied()),
                      .winners = {}};
  for (const int64_t count : maxima.winners()) {
    shares.winners.push_back(share(count, maxima.windows()));
  }
  return shares;
}

// Puts the running statistics back, which training steps move.
class UnchangedNetwork {
 public:
  explicit UnchangedNetwork(Sequential& network)
      : network_(network), tensors_(copy_of(network_tensors(network))) {}
  ~UnchangedNetwork() { load_network(network_, tensors_); }
  UnchangedNetwork(const UnchangedNetwork&) = delete;
  UnchangedNetwork& operator=(const UnchangedNetwork&) = delete;

 private:
  Sequential& network_;
  std::vector<NamedTensor> tensors_;
};

class Diagnosing {
 public:
  Diagnosing(Sequential& network, std::vector<PoolingLayer> layers, const DiagnoseOptions& options)
      : network_(network),
        options_(options),
        layers_(std::move(layers)),
        counts_(layers_.begin(), layers_.end()) {
    for (const PoolingLayer& layer : layers_) watched_.push_back(layer.layer);
  }

  void add_shift(const Batch& batch) {
    LayerWatch before(watched_), after(watched_);
    const Tensor logits = forward(batch.images, {.observer = &before}).value();
    const Tensor moved = forward(shifted_right(batch.images), {.observer = &after}).value();
    for (size_t i = 0; i < layers_.size(); ++i) {
      counts_[i].shift.add(before.passes()[i].y.value(), after.passes()[i].y.value());
    }
    count_predictions(softmax(logits), softmax(moved), batch.labels.size());
    ++result_.batches;
  }

  void add_training_step(const Batch& batch, int step) {
    LayerWatch watch(watched_);
    Tape tape(&watch);
    const Variable logits = forward(batch.images, {.training = true,
                                                   .seed = options_.seed,
                                                   .step = static_cast<uint32_t>(step),
                                                   .observer = &watch});
    tape.backward(
        cross_entropy(logits, batch.labels, {.label_smoothing = options_.label_smoothing}));
    watch.finish();
    for (size_t i = 0; i < layers_.size(); ++i) {
      const LayerPass& pass = watch.passes()[i];
      counts_[i].reach.add(pass.gradient);
      if (takes_maximum(*layers_[i].layer)) counts_[i].maxima.add(pass.x.value(), pass.y.value());
    }
  }

  Diagnosis result() const {
    Diagnosis result = result_;
    result.prediction_changes =
        static_cast<double>(changed_) / static_cast<double>(result.pictures);
    for (size_t i = 0; i < layers_.size(); ++i) result.layers.push_back(result_of(i));
    return result;
  }

 private:
  // The pictures require a gradient, so that a layer that pools them has one too.
  Variable forward(const Tensor& images, const StepContext& context) {
    return network_.forward(Variable(images, context.training), context);
  }

  void count_predictions(const Tensor& before, const Tensor& after, size_t pictures) {
    const auto classes = static_cast<size_t>(before.shape()[1]);
    for (size_t i = 0; i < pictures; ++i) {
      const auto best = [&](const Tensor& rows) {
        return top_classes({rows.data() + i * classes, classes}, 1).front();
      };
      changed_ += best(before) != best(after);
    }
    result_.pictures += static_cast<int64_t>(pictures);
  }

  PoolDiagnosis result_of(size_t i) const {
    const PoolCounts& counts = counts_[i];
    PoolDiagnosis found{.where = layers_[i],
                        .zero_gradient = counts.reach.zero_share(),
                        .never_reached = counts.reach.never_share(),
                        .maxima = {},
                        .shift_change = counts.shift.change(),
                        .shift_beyond_motion = counts.shift.change_beyond_motion()};
    if (takes_maximum(*layers_[i].layer)) found.maxima = shares_of(counts.maxima);
    return found;
  }

  Sequential& network_;
  const DiagnoseOptions& options_;
  const std::vector<PoolingLayer> layers_;
  std::vector<const Layer*> watched_;  // the same
  std::vector<PoolCounts> counts_;
  Diagnosis result_;
  int64_t changed_ = 0;
};

// The first batches of the loader's first epoch.
template <class Use>
void for_batches(Loader& loader, int most, const Use& use) {
  Batch batch;
  loader.start_epoch(0);
  for (int i = 0; i < most && loader.next(batch); ++i) use(batch, i);
}

}  // namespace

Diagnosis diagnose(Sequential& network, const FeatureShape& input, Loader& batches,
                   const DiagnoseOptions& options) {
  require(options.batches >= 1, "expected at least one batch, got {}", options.batches);
  std::vector<PoolingLayer> layers = pooling_layers(network, input);
  require(
      !layers.empty(),
      "the network has no pooling layers, so there is nothing to diagnose; `weir summary` shows "
      "its layers, and model.downsample=max_pool builds one that pools");
  const UnchangedNetwork unchanged(network);
  Diagnosing diagnosing(network, std::move(layers), options);
  for_batches(batches, options.batches,
              [&](const Batch& batch, int) { diagnosing.add_shift(batch); });
  for_batches(batches, options.batches,
              [&](const Batch& batch, int step) { diagnosing.add_training_step(batch, step); });
  return diagnosing.result();
}

Diagnosis diagnose(TrainedModel& model, Dataset dataset, int batches) {
  const PreparedData data = training_data(model, std::move(dataset));
  const kernels::UseConvChoices use_choices(model.choices);
  const std::unique_ptr<Loader> loader = training_loader(data, model.config);
  const ModelCard& card = model.card;
  return diagnose(*model.network, {.c = card.channels, .h = card.height, .w = card.width}, *loader,
                  {.batches = batches,
                   .seed = model.config.train.seed,
                   .label_smoothing = static_cast<float>(model.config.loss.label_smoothing)});
}

}  // namespace weir
