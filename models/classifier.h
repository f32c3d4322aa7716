// The heads that turn maps into class scores.
#pragma once

#include <string>
#include <vector>

#include "layers/sequential.h"
#include "models/conv_stack.h"

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

enum class GlobalPooling { kAverage, kMax };

struct PooledClassifier {
  GlobalPooling pooling = GlobalPooling::kAverage;
  int channels = 0;  // of the maps
  int convs = 0;     // 3x3 convolutions that keep the channels, in front of the pooling
  int num_classes = 0;
  ConvStack::Style style;  // of these convolutions
  double dropout = 0;      // in front of the linear layer; 0 = none
};
// [convolutions,] global pooling, flatten, [dropout,] linear: takes maps of any size. The average
// is that of Lin, Chen, Yan, ICLR 2014; with the linear layer, and the convolutions that make up
// for a dense head, as in Zhou et al., CVPR 2016, who compare it with the maximum of Oquab et al.,
// CVPR 2015.
Sequential pooled_classifier(const PooledClassifier& spec);

}  // namespace weir
