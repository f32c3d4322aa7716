#include "layers/state.h"

#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "layers/layers.h"

namespace weir {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Sequential net_of(int channels) {
  return Sequential{Conv2d{3, channels, {.kernel_size = 3}}, BatchNorm2d{channels}};
}

std::map<std::string, Tensor> copies_of(Sequential& net) {
  std::map<std::string, Tensor> copies;
  for (const auto& [name, tensor] : state_of(net)) copies[name] = tensor.clone();
  return copies;
}

std::string refusal(Sequential& net, const std::map<std::string, Tensor>& state) {
  try {
    load_state(net, state);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kData);
    return error.what();
  }
  return "nothing was thrown";
}

TEST(State, RoundTrip) {
  Sequential source = net_of(4), target = net_of(4);
  initialize(source, {.seed = 1});
  source.buffers()[1].tensor->data()[2] = 0.25f;
  *source.buffers()[2].tensor->data<int32_t>() = 17;
  load_state(target, copies_of(source));
  for (const auto& [name, tensor] : state_of(source)) {
    const Tensor loaded = state_of(target).at(name);
    ASSERT_EQ(loaded.shape(), tensor.shape()) << name;
    EXPECT_EQ(std::memcmp(loaded.data<std::byte>(), tensor.data<std::byte>(), tensor.bytes()), 0)
        << name;
  }
  EXPECT_EQ(*target.buffers()[2].tensor->data<int32_t>(), 17);
}

TEST(State, ParameterCountLeavesBuffersOut) {
  Sequential net = net_of(4);
  EXPECT_EQ(parameter_count(net), 4 * 3 * 9 + 4 + 4 + 4);
}

TEST(State, AllDifferencesAtOnceAndNothingChanged) {
  Sequential net = net_of(4);
  initialize(net, {.seed = 1});
  const std::map<std::string, Tensor> before = copies_of(net);
  std::map<std::string, Tensor> state = copies_of(net);
  std::fill_n(state["0.bias"].data(), 4, 5.f);
  state["0.weight"] = Tensor::zeros({4, 3, 3, 5});
  state["1.num_batches_tracked"] = Tensor::zeros({});
  state.erase("1.running_var");
  state["2.weight"] = Tensor::zeros({10});
  EXPECT_THAT(
      refusal(net, state),
      AllOf(HasSubstr("4 differences"),
            HasSubstr("different: 0.weight: expected F32 (4, 3, 3, 3), found F32 (4, 3, 3, 5)"),
            HasSubstr("different: 1.num_batches_tracked: expected I32 (), found F32 ()"),
            HasSubstr("missing: 1.running_var F32 (4)"),
            HasSubstr("unexpected: 2.weight F32 (10)")));
  for (const auto& [name, tensor] : state_of(net)) {
    EXPECT_EQ(
        std::memcmp(tensor.data<std::byte>(), before.at(name).data<std::byte>(), tensor.bytes()), 0)
        << name;
  }
}

}  // namespace
}  // namespace weir
