// Batch normalisation of maps, per channel: owns scale, shift and running statistics.
// Ioffe, Szegedy, "Batch normalization", ICML 2015.
#pragma once

#include <string>
#include <vector>

#include "layers/layer.h"

namespace weir {

namespace kernels {
class PanelMoments;
}

// weight (C) starts at 1, bias (C) at 0, running_mean (C) at 0, running_var (C) at 1, and
// num_batches_tracked, one I32 number (PyTorch stores I64 on disk), at 0.
class BatchNorm2d : public Layer {
 public:
  struct Options {
    float eps = 1e-5f;
    float momentum = 0.1f;  // share of the newest batch in the running statistics
  };
  explicit BatchNorm2d(int num_features) : BatchNorm2d(num_features, Options{}) {}
  // Throws kUsage for num_features < 1, eps <= 0 or momentum outside [0, 1].
  BatchNorm2d(int num_features, const Options& options);

  std::string_view kind() const override { return "BatchNorm2d"; }
  std::string options() const override;
  // From now on in training too: normalises by the running statistics and leaves them as they are,
  // as after torch's eval().
  void keep_statistics(bool keep) { keeps_statistics_ = keep; }
  bool uses_batch(const StepContext& context) const {
    return context.training && !keeps_statistics_;
  }
  // In training: normalises by the batch and updates the running statistics.
  Variable forward(const Variable& x, const StepContext& context) override;
  struct Neighbours {
    bool relu = false;                         // comes next
    kernels::PanelMoments* moments = nullptr;  // what the layer before has filled; uses_batch()
  };
  // forward() with its neighbours, in one call.
  Variable forward_with(const Variable& x, const StepContext& context,
                        const Neighbours& neighbours);
  // For the layer before to fill.
  kernels::PanelMoments moments() const;
  FeatureShape output_shape(const FeatureShape& in) const override;
  std::vector<NamedParameter> parameters() override;
  std::vector<NamedBuffer> buffers() override;

 private:
  int num_features_;
  Options options_;
  Variable weight_, bias_;
  Tensor running_mean_, running_var_, num_batches_tracked_;
  bool keeps_statistics_ = false;
};

}  // namespace weir
