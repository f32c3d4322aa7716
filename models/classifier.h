// The heads that turn maps into class scores.
#pragma once

#include <string>
#include <vector>

#include "layers/sequential.h"

namespace weir {

struct DenseClassifier {
  int in_features = 0;      // C*H*W of the maps: fixes the size of the image
  std::vector<int> hidden;  // widths of the hidden layers
  int num_classes = 0;
  std::string act = "relu";
  double dropout = 0;  // after each hidden layer; 0 = none
};
// flatten, then linear and activation for each hidden layer, then linear
Sequential dense_classifier(const DenseClassifier& spec);

// Global average pooling, flatten, [dropout,] linear: takes maps of any size. Lin, Chen, Yan, ICLR
// 2014; with the linear layer as in Zhou et al., CVPR 2016.
Sequential gap_classifier(int channels, int num_classes, double dropout);

}  // namespace weir
