#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "bench/peers/onednn/cross_entropy.h"
#include "bench/peers/onednn/recorder.h"

namespace weir::peers {

// What one primitive costs in a step.
struct CommandTime {
  std::string layer;
  std::string what;
  std::string implementation;
  double milliseconds = 0;
};

// Forward, loss, backward and update of a network on one fixed batch of random pictures.
class TrainingStep {
 public:
  explicit TrainingStep(const Settings& settings);

  // Forward, loss and backward; returns the loss.
  float compute_gradients();
  // A whole step; returns the loss before the update.
  float run();
  // The mean over `steps` steps, in the order of execution.
  std::vector<CommandTime> profile(int steps);
  std::list<Parameter>& parameters() { return recorder_.parameters(); }
  long long parameter_count();

 private:
  void update();

  Recorder recorder_;
  std::unique_ptr<CrossEntropy> loss_;
  dnnl::stream stream_;
  std::vector<Command> forward_;
  std::vector<Command> backward_;
};

}  // namespace weir::peers
