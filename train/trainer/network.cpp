#include "train/trainer/network.h"

#include <algorithm>

#include "layers/init.h"
#include "models/registry.h"

namespace weir {
namespace {

bool needs_batch(const std::string& method) {
  const std::vector<InitMethod>& methods = init_methods();
  return std::any_of(methods.begin(), methods.end(), [&](const InitMethod& entry) {
    return entry.name == method && entry.needs_batch;
  });
}

}  // namespace

std::unique_ptr<Sequential> build_network(const Config& config, int channels, int height, int width,
                                          int classes) {
  ModelOptions options = config.model;
  options.in_channels = channels;
  options.in_height = height;
  options.in_width = width;
  options.num_classes = classes;
  std::unique_ptr<Sequential> network = build_model(options).net;
  network->set_precision(parse_precision(config.train.precision));
  return network;
}

void initialize_network(Sequential& network, const Config& config, const PreparedData& data) {
  InitOptions options{.method = config.model.init, .seed = config.train.seed};
  if (needs_batch(options.method)) {
    const std::unique_ptr<Loader> loader = training_loader(data, config);
    Batch batch;
    loader->start_epoch(0);
    loader->next(batch);
    options.batch = batch.images;
  }
  initialize(network, options);
}

}  // namespace weir
