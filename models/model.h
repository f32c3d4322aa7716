// A network ready to train: layers, the input it was built for, and the number of classes.
#pragma once

#include <memory>
#include <string>

#include "layers/sequential.h"

namespace weir {

struct Model {
  std::unique_ptr<Sequential> net;  // its output is (num_classes), one score for each class
  FeatureShape input;
  int num_classes = 0;
  std::string name;
};

}  // namespace weir
