#include "explain/methods/class_gradient.h"

#include <utility>
#include <vector>

#include "core/functions/class_score.h"

namespace weir {
namespace {

// Takes the parameters' gradients away for a while.
class KeptGradients {
 public:
  explicit KeptGradients(Sequential& network) : parameters_(network.parameters()) {
    for (NamedParameter& parameter : parameters_) {
      kept_.push_back(std::exchange(parameter.variable.grad(), Tensor()));
    }
  }
  ~KeptGradients() {
    for (size_t i = 0; i < kept_.size(); ++i) parameters_[i].variable.grad() = kept_[i];
  }
  KeptGradients(const KeptGradients&) = delete;
  KeptGradients& operator=(const KeptGradients&) = delete;

 private:
  std::vector<NamedParameter> parameters_;
  std::vector<Tensor> kept_;
};

}  // namespace

ClassGradient class_gradient(Sequential& network, const Tensor& images,
                             std::span<const int> classes, const Layer* layer) {
  const KeptGradients kept(network);
  LayerWatch watch({layer});
  Tape tape(&watch);
  const Variable pictures(images, true);
  const Variable logits = network.forward(pictures, {.observer = &watch});
  tape.backward(class_score(logits, classes));
  watch.finish();
  return {.images = pictures.grad(), .layer = watch.passes().front()};
}

}  // namespace weir
