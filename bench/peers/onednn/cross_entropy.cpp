#include "bench/peers/onednn/cross_entropy.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

#include "bench/peers/onednn/plain.h"

namespace weir::peers {
namespace {

// Writes the gradient of one picture's loss, times `scale`; returns that loss.
float softmax_gradient(std::span<const float> scores, std::size_t label, float scale,
                       std::span<float> gradient) {
  const float highest = *std::max_element(scores.begin(), scores.end());
  float sum = 0;
  for (std::size_t k = 0; k < scores.size(); ++k) {
    gradient[k] = std::exp(scores[k] - highest);
    sum += gradient[k];
  }
  for (float& value : gradient) value *= scale / sum;
  gradient[label] -= scale;
  return std::log(sum) + highest - scores[label];
}

}  // namespace

CrossEntropy::CrossEntropy(Recorder& recorder, const Signal& scores, std::vector<int> labels)
    : labels_(std::move(labels)) {
  recorder.begin_layer("cross-entropy");
  const dnnl::memory::desc plain = plain_desc(scores.dims());
  scores_ = recorder.converted_forward(scores.value, plain);
  gradient_ = recorder.allocate(plain);
  const dnnl::reorder::primitive_desc back(recorder.engine(), plain, recorder.engine(),
                                           scores.desc());
  recorder.backward<dnnl::reorder>("reorder", back,
                                   {{DNNL_ARG_FROM, gradient_}, {DNNL_ARG_TO, scores.gradient}});
}

float CrossEntropy::run() {
  const auto* scores = static_cast<const float*>(scores_.get_data_handle());
  auto* gradient = static_cast<float*>(gradient_.get_data_handle());
  const auto classes = static_cast<std::size_t>(scores_.get_desc().dims()[1]);
  const float scale = 1.0f / static_cast<float>(labels_.size());
  float loss = 0;
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    loss += softmax_gradient({scores + i * classes, classes}, static_cast<std::size_t>(labels_[i]),
                             scale, {gradient + i * classes, classes});
  }
  return loss * scale;
}

}  // namespace weir::peers
