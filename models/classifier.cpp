#include "models/classifier.h"

#include "layers/activation.h"
#include "layers/adaptive_max_pool2d.h"
#include "layers/dropout.h"
#include "layers/flatten.h"
#include "layers/linear.h"
#include "layers/pool2d.h"

namespace weir {
namespace {

void add_dropout(Sequential& head, double p) {
  if (p > 0) head.add(std::make_unique<Dropout>(static_cast<float>(p)));
}

}  // namespace

Sequential dense_classifier(const DenseClassifier& spec) {
  Sequential head{Flatten{}};
  int width = spec.in_features;
  for (const int hidden : spec.hidden) {
    head.add(std::make_unique<Linear>(width, hidden));
    head.add(make_activation(spec.act));
    add_dropout(head, spec.dropout);
    width = hidden;
  }
  head.add(std::make_unique<Linear>(width, spec.num_classes));
  return head;
}

Sequential pooled_classifier(const PooledClassifier& spec) {
  ConvStack convs(spec.channels, spec.style);
  for (int i = 0; i < spec.convs; ++i) {
    convs.conv({.channels = spec.channels, .kernel = 3, .padding = 1});
  }
  Sequential head = convs.take();
  if (spec.pooling == GlobalPooling::kAverage) {
    head.add(std::make_unique<AdaptiveAvgPool2d>(1));
  } else {
    head.add(std::make_unique<AdaptiveMaxPool2d>(1));
  }
  head.add(std::make_unique<Flatten>());
  add_dropout(head, spec.dropout);
  head.add(std::make_unique<Linear>(spec.channels, spec.num_classes));
  return head;
}

}  // namespace weir
