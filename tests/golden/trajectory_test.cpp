// Ten training steps of LeNet-5, VGG-mini and All-CNN-C against PyTorch (make_trajectories.py), and
// ten of VGG-mini whose features are frozen for the first five.
#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/functions/cross_entropy.h"
#include "core/runtime/philox.h"
#include "core/tensor/layout.h"
#include "layers/freeze.h"
#include "models/registry.h"
#include "train/optimizer/optimizer.h"

namespace weir {
namespace {

using Json = nlohmann::json;

const Json& golden() {
  static const Json content =
      Json::parse(read_file(std::string(WEIR_SOURCE_DIR) + "/tests/golden/trajectories.json"));
  return content;
}

std::vector<float> uniform(int64_t count, uint32_t stream, float low, float high) {
  Philox random(golden()["seed"], Purpose::kTest, stream);
  std::vector<float> values(static_cast<size_t>(count));
  for (float& value : values) value = random.uniform(low, high);
  return values;
}

// The weights that make_trajectories.py starts from.
void fill(const std::vector<NamedParameter>& parameters) {
  for (uint32_t index = 0; index < parameters.size(); ++index) {
    Tensor weight = parameters[index].variable.value();
    const Shape& shape = weight.shape();
    const bool is_matrix = shape.rank() > 1;
    const double fan_in = static_cast<double>(shape.numel() / shape[0]);
    const float bound = is_matrix ? static_cast<float>(std::sqrt(6.0 / fan_in)) : 0.1f;
    const bool is_scale = !is_matrix && parameters[index].name.ends_with("weight");
    const auto values = uniform(weight.numel(), 100 + index, -bound, bound);
    for (size_t i = 0; i < values.size(); ++i) {
      weight.data()[i] = values[i] + (is_scale ? 1.f : 0.f);
    }
  }
}

double norm(const Tensor& tensor) {
  double sum = 0;
  for (int64_t i = 0; i < tensor.numel(); ++i) {
    sum += double{tensor.data()[i]} * double{tensor.data()[i]};
  }
  return std::sqrt(sum);
}

struct Trajectory {
  std::vector<double> losses;
  std::map<std::string, double> gradients, weights;  // norms: of the first step, and at the end
};

// Fine-tuning, as the script does it: the features hold still in the first steps; the head has
// three times the rate and no decay.
constexpr int kFrozenSteps = 5;
const std::vector<ParameterGroup> kGroups = {
    {.match = "head", .lr_scale = 3.f, .weight_decay = 0.f}};

Trajectory train(Model model, double lr, bool finetunes) {
  const int batch = golden()["batch"];
  const auto parameters = model.net->parameters();
  fill(parameters);
  const auto optimizer =
      make_optimizer({.name = "sgd",
                      .lr = static_cast<float>(lr),
                      .momentum = 0.9f,
                      .nesterov = true,
                      .weight_decay = 5e-4f,
                      .groups = finetunes ? kGroups : std::vector<ParameterGroup>{}},
                     parameters);
  Trajectory result;
  for (int step = 0; step < 10; ++step) {
    if (finetunes && step == 0) set_frozen(*model.net, {"backbone"});
    if (finetunes && step == kFrozenSteps) set_frozen(*model.net, {});
    const auto pixels = uniform(int64_t{batch} * 3072, static_cast<uint32_t>(1000 + step), -1, 1);
    std::vector<int> labels;
    for (int i = 0; i < batch; ++i) labels.push_back((7 * i + step) % 10);
    Tape tape;
    const Variable x(images_from_nchw(pixels.data(), batch, 3, 32, 32));
    const Variable loss = cross_entropy(model.net->forward(x, {.training = true}), labels);
    tape.backward(loss);
    if (step == 0) {
      for (const auto& p : parameters) {
        if (p.variable.grad().defined()) result.gradients[p.name] = norm(p.variable.grad());
      }
    }
    optimizer->step(static_cast<float>(lr));
    optimizer->zero_grad();
    result.losses.push_back(loss.value().item());
  }
  for (const auto& p : parameters) result.weights[p.name] = norm(p.variable.value());
  return result;
}

// PyTorch in single precision departs from double precision by rounding alone. Ours rounds in
// another order, so its departure is of the same size; ten times that leaves room for luck, and the
// floor is a few roundings of a number near 1.
constexpr double kRoom = 10, kFloor = 5e-6;
// Now and then an activation lies so near to a kink (ReLU, a tie in max-pool) that rounding decides
// the side. One such cell among the 40 * 784 that feed a bias of LeNet's first layer shifts its
// gradient, a random sum of size sqrt(40 * 784) = 177, by 1/177; at lr 0.01 and gradients near 1
// that moves a weight of size 0.1 by 6e-4 at most, and a loss by less. In All-CNN-C one of the 40 *
// 360 cells of the last map carries 1/14,400 = 7e-5 of every gradient, and a few times that of a
// bias far below. Only the loss of the first step, a mean over all of it, knows no kinks.
constexpr double kKink = 6e-4;

void expect_norms(const std::map<std::string, double>& found, const Json& single, const Json& exact,
                  const std::string& what) {
  ASSERT_EQ(found.size(), exact.size()) << what;
  double departure = 0;
  for (const auto& [name, value] : exact.items()) {
    departure = std::max(departure, std::abs(single[name].get<double>() / value.get<double>() - 1));
  }
  for (const auto& [name, value] : found) {
    ASSERT_TRUE(exact.contains(name)) << what << ": PyTorch has no " << name;
    EXPECT_NEAR(value / exact[name].get<double>(), 1, kRoom * departure + kKink)
        << what << " of " << name;
  }
}

void compare(const std::string& name, const ModelOptions& options, bool finetunes = false) {
  const Json& net = golden()["nets"][name];
  const Json &exact = net["float64"], &single = net["float32"];
  const Trajectory found = train(build_model(options), net["lr"], finetunes);
  double departure = 0;
  for (size_t step = 0; step < found.losses.size(); ++step) {
    const double expected = exact["losses"][step];
    departure = std::max(departure, std::abs(single["losses"][step].get<double>() - expected));
    EXPECT_NEAR(found.losses[step], expected, kRoom * departure + (step == 0 ? kFloor : kKink))
        << name << ", step " << step;
  }
  expect_norms(found.gradients, single["gradients"], exact["gradients"], "gradient");
  expect_norms(found.weights, single["weights"], exact["weights"], "weight");
}

TEST(Trajectory, LeNet5EqualsPyTorch) { compare("lenet5", {.name = "lenet5"}); }

TEST(Trajectory, VggMiniEqualsPyTorch) {
  compare("vgg_mini", {.name = "vgg_mini", .batch_norm = true, .head = "gap"});
}

TEST(Trajectory, FrozenAndThawedInGroupsEqualsPyTorch) {
  compare("vgg_mini_finetuned", {.name = "vgg_mini", .batch_norm = true, .head = "gap"}, true);
}

TEST(Trajectory, AllCnnCEqualsPyTorch) {
  compare("all_cnn_c", {.name = "springenberg", .base = "C", .downsample = "all_conv"});
}

}  // namespace
}  // namespace weir
