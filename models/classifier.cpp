#include "models/classifier.h"

#include "layers/activation.h"
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

Sequential gap_classifier(int channels, int num_classes, double dropout) {
  Sequential head{AdaptiveAvgPool2d{1}, Flatten{}};
  add_dropout(head, dropout);
  head.add(std::make_unique<Linear>(channels, num_classes));
  return head;
}

}  // namespace weir
