#include "layers/transfer.h"

#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "layers/layers.h"
#include "tests/support/fill.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Conv2d conv(int in, int out, int stride = 1) {
  return Conv2d{in, out, {.kernel_size = 3, .stride = stride, .padding = 1}};
}

Sequential net_of(Sequential features, Sequential classifier) {
  Sequential net;
  net.add("features", std::move(features));
  net.add("classifier", std::move(classifier));
  return net;
}

// Different numbers in every tensor of every net.
void fill(Sequential& net, uint32_t stream) {
  for (const auto& [name, tensor] : state_of(net)) {
    if (tensor.dtype() == DType::kI32) {
      *Tensor(tensor).data<int32_t>() = static_cast<int32_t>(++stream);
      continue;
    }
    const std::vector<float> values = testing::random_values(tensor.numel(), ++stream);
    std::memcpy(Tensor(tensor).data(), values.data(), tensor.bytes());
  }
}

std::map<std::string, Tensor> copies_of(Sequential& net) {
  std::map<std::string, Tensor> copies;
  for (const auto& [name, tensor] : state_of(net)) copies[name] = tensor.clone();
  return copies;
}

bool same_bytes(const Tensor& a, const Tensor& b) {
  return a.bytes() == b.bytes() &&
         std::memcmp(a.data<std::byte>(), b.data<std::byte>(), a.bytes()) == 0;
}

// "features.4<features.2" for a loaded layer, "features.6<" for one that was kept.
std::vector<std::string> routes(const Transfer& transfer) {
  std::vector<std::string> words;
  for (const auto& [layer, source] : transfer.layers) words.push_back(layer.path + "<" + source);
  return words;
}

std::vector<std::string> dropped(const Transfer& transfer) {
  std::vector<std::string> paths;
  for (const LayerState& layer : transfer.dropped) paths.push_back(layer.path);
  return paths;
}

// Checks that the tensors of the target are what the transfer says, byte for byte.
void expect_as_told(Sequential& source, Sequential& target,
                    const std::map<std::string, Tensor>& before, const Transfer& transfer) {
  const std::map<std::string, Tensor> from = state_of(source), to = state_of(target);
  size_t tensors = 0;
  for (const auto& [layer, path] : transfer.layers) {
    for (const auto& [name, tensor] : to) {
      if (!name.starts_with(layer.path + ".")) continue;
      ++tensors;
      const std::string rest = name.substr(layer.path.size());
      EXPECT_TRUE(same_bytes(tensor, path.empty() ? before.at(name) : from.at(path + rest)))
          << name;
    }
  }
  EXPECT_EQ(tensors, to.size()) << "every tensor belongs to a layer of the list";
}

Transfer transferred(Sequential source, Sequential target,
                     const std::vector<std::string>& skip = {}) {
  fill(source, 0);
  fill(target, 1000);
  const std::map<std::string, Tensor> before = copies_of(target);
  Transfer transfer = transfer_weights(source, target, skip);
  expect_as_told(source, target, before, transfer);
  return transfer;
}

TEST(Transfer, EqualNetsEqualEverything) {
  const auto make = [] {
    return net_of(Sequential{conv(3, 4), BatchNorm2d{4}, ReLU{}, conv(4, 4), BatchNorm2d{4}},
                  Sequential{Flatten{}, Linear{12, 5}});
  };
  const Transfer transfer = transferred(make(), make());
  EXPECT_TRUE(transfer.complete());
  EXPECT_EQ(transfer.loaded_count(), 5u);
  EXPECT_THAT(routes(transfer),
              ElementsAre("features.0<features.0", "features.1<features.1", "features.3<features.3",
                          "features.4<features.4", "classifier.1<classifier.1"));
  require_complete(transfer);  // throws nothing
}

// Layers without weights shift the names and nothing else.
TEST(Transfer, FollowsShiftedNames) {
  const Transfer transfer =
      transferred(net_of(Sequential{conv(3, 4), ReLU{}, conv(4, 4), ReLU{}},
                         Sequential{Flatten{}, Linear{8, 5}}),
                  net_of(Sequential{Dropout{0.2f}, conv(3, 4), ReLU{}, Dropout{0.2f}, conv(4, 4)},
                         Sequential{Flatten{}, Dropout{0.2f}, Linear{8, 5}}));
  EXPECT_TRUE(transfer.complete());
  EXPECT_THAT(routes(transfer), ElementsAre("features.1<features.0", "features.4<features.2",
                                            "classifier.2<classifier.1"));
}

TEST(Transfer, AnotherHeadBeginsAnew) {
  const Transfer transfer =
      transferred(net_of(Sequential{conv(3, 4), ReLU{}},
                         Sequential{Flatten{}, Linear{36, 8}, ReLU{}, Linear{8, 5}}),
                  net_of(Sequential{conv(3, 4), ReLU{}},
                         Sequential{AdaptiveAvgPool2d{1}, Flatten{}, Linear{4, 5}}));
  EXPECT_THAT(routes(transfer), ElementsAre("features.0<features.0", "classifier.2<"));
  EXPECT_THAT(dropped(transfer), ElementsAre("classifier.1", "classifier.3"));
  EXPECT_THAT(transfer.ambiguous, IsEmpty());
}

// The stride tells the new convolution from the old ones of the same shape, and its batch norm goes
// with it.
TEST(Transfer, FindsStridedConvolutionsPutInForPoolings) {
  const Transfer transfer = transferred(
      net_of(Sequential{conv(3, 4), BatchNorm2d{4}, conv(4, 4), BatchNorm2d{4}, MaxPool2d{{}},
                        conv(4, 6), BatchNorm2d{6}, conv(6, 6), BatchNorm2d{6}, MaxPool2d{{}}},
             Sequential{Linear{6, 5}}),
      net_of(Sequential{conv(3, 4), BatchNorm2d{4}, conv(4, 4), BatchNorm2d{4}, conv(4, 4, 2),
                        BatchNorm2d{4}, conv(4, 6), BatchNorm2d{6}, conv(6, 6), BatchNorm2d{6},
                        conv(6, 6, 2), BatchNorm2d{6}},
             Sequential{Linear{6, 5}}));
  EXPECT_THAT(
      routes(transfer),
      ElementsAre("features.0<features.0", "features.1<features.1", "features.2<features.2",
                  "features.3<features.3", "features.4<", "features.5<", "features.6<features.5",
                  "features.7<features.6", "features.8<features.7", "features.9<features.8",
                  "features.10<", "features.11<", "classifier.0<classifier.0"));
  EXPECT_THAT(dropped(transfer), IsEmpty());
  EXPECT_THAT(transfer.ambiguous, IsEmpty());
}

// A convolution that took over the stride of a pooling has the same weights still.
TEST(Transfer, AnotherStrideAloneIsNoObstacle) {
  const Transfer transfer = transferred(
      net_of(Sequential{conv(3, 4), conv(4, 4), MaxPool2d{{}}}, Sequential{Linear{4, 5}}),
      net_of(Sequential{conv(3, 4), conv(4, 4, 2)}, Sequential{Linear{4, 5}}));
  EXPECT_TRUE(transfer.complete());
}

TEST(Transfer, SaysWhereALayerFitsTwice) {
  const Transfer transfer =
      transferred(net_of(Sequential{conv(3, 4), conv(4, 4)}, Sequential{Linear{4, 5}}),
                  net_of(Sequential{conv(3, 4), conv(4, 4), conv(4, 4)}, Sequential{Linear{4, 5}}));
  EXPECT_THAT(routes(transfer), ElementsAre("features.0<features.0", "features.1<features.1",
                                            "features.2<", "classifier.0<classifier.0"));
  EXPECT_THAT(transfer.ambiguous,
              ElementsAre("the source's features.1 went to features.1, but fits features.2 as "
                          "well"));
}

// Positions are no names: whether the first or the second was taken out, nobody can tell.
TEST(Transfer, SaysWhereOneOfTwoEqualLayersIsGone) {
  const Transfer transfer =
      transferred(net_of(Sequential{conv(4, 4), conv(4, 4)}, Sequential{Linear{4, 5}}),
                  net_of(Sequential{conv(4, 4)}, Sequential{Linear{4, 5}}));
  EXPECT_THAT(routes(transfer), ElementsAre("features.0<features.0", "classifier.0<classifier.0"));
  EXPECT_THAT(transfer.ambiguous,
              ElementsAre("the source's features.1 went nowhere, but fits features.0 as well"));
}

TEST(Transfer, GivenNamesDecideBetweenEqualLayers) {
  const auto named = [](std::vector<std::string> names) {
    Sequential features;
    for (std::string& name : names) features.add(std::move(name), conv(4, 4));
    return net_of(std::move(features), Sequential{Linear{4, 5}});
  };
  const Transfer transfer = transferred(named({"a", "b", "c"}), named({"new", "b", "c"}));
  EXPECT_THAT(routes(transfer), ElementsAre("features.new<features.a", "features.b<features.b",
                                            "features.c<features.c", "classifier.0<classifier.0"));
  const Transfer fewer = transferred(named({"a", "b", "c"}), named({"c"}));
  EXPECT_THAT(routes(fewer), ElementsAre("features.c<features.c", "classifier.0<classifier.0"));
  EXPECT_THAT(fewer.ambiguous, IsEmpty());
}

// Batch norm belongs to the convolution in front of it, also where a count of equal ones would fit.
TEST(Transfer, BatchNormFollowsItsConvolution) {
  const Transfer transfer = transferred(
      net_of(Sequential{conv(3, 4), BatchNorm2d{4}, conv(4, 4), BatchNorm2d{4}},
             Sequential{Linear{4, 5}}),
      net_of(Sequential{conv(3, 4), conv(4, 4), BatchNorm2d{4}}, Sequential{Linear{4, 5}}));
  EXPECT_THAT(routes(transfer), ElementsAre("features.0<features.0", "features.1<features.2",
                                            "features.2<features.3", "classifier.0<classifier.0"));
  EXPECT_THAT(dropped(transfer), ElementsAre("features.1"));
}

TEST(Transfer, SectionsStayApart) {
  const Transfer transfer = transferred(
      net_of(Sequential{conv(3, 4), conv(4, 4)}, Sequential{AdaptiveAvgPool2d{1}, Linear{4, 5}}),
      net_of(Sequential{conv(3, 4)}, Sequential{conv(4, 4), AdaptiveAvgPool2d{1}, Linear{4, 5}}));
  EXPECT_THAT(routes(transfer),
              ElementsAre("features.0<features.0", "classifier.0<", "classifier.2<classifier.1"));
  EXPECT_THAT(dropped(transfer), ElementsAre("features.1"));
}

TEST(Transfer, AFlatNetIsOneSection) {
  const Transfer transfer = transferred(Sequential{conv(3, 4), ReLU{}, Linear{4, 5}},
                                        Sequential{conv(3, 4), Linear{4, 5}});
  EXPECT_THAT(routes(transfer), ElementsAre("0<0", "1<2"));
}

TEST(Transfer, SkipsWhatAPatternFits) {
  const auto make = [] {
    return net_of(Sequential{conv(3, 4), conv(4, 4)}, Sequential{Flatten{}, Linear{4, 5}});
  };
  const Transfer transfer = transferred(make(), make(), {"head"});
  EXPECT_THAT(routes(transfer),
              ElementsAre("features.0<features.0", "features.1<features.1", "classifier.1<"));
  EXPECT_THAT(dropped(transfer), ElementsAre("classifier.1"));
  EXPECT_THAT(testing::message_of([&] { transferred(make(), make(), {"heads"}); }),
              HasSubstr("skip: 'heads' fits no parameter"));
}

TEST(Transfer, StrictNamesEveryDifference) {
  const Transfer transfer = transferred(
      net_of(Sequential{conv(3, 4), conv(4, 4)},
             Sequential{Flatten{}, Linear{36, 8}, Linear{8, 5}}),
      net_of(Sequential{conv(3, 4), conv(4, 4), conv(4, 4)}, Sequential{Flatten{}, Linear{36, 7}}));
  const std::string message =
      testing::message_of([&] { require_complete(transfer); }, ErrorKind::kData);
  EXPECT_THAT(message,
              AllOf(HasSubstr("the weights do not fit the network (7 differences):"),
                    HasSubstr("missing: features.2.weight (4, 4, 3, 3)"),
                    HasSubstr("missing: features.2.bias (4)"),
                    HasSubstr("different: classifier.1.weight: expected (7, 36), found (8, 36)"),
                    HasSubstr("different: classifier.1.bias: expected (7), found (8)"),
                    HasSubstr("unexpected: classifier.2.weight (5, 8)"),
                    HasSubstr("ambiguous: the source's features.1 went to features.1, but fits "
                              "features.2 as well")));
}

TEST(Transfer, ListsEachLayerWithItsShapes) {
  const Transfer transfer =
      transferred(net_of(Sequential{conv(3, 4), BatchNorm2d{4}},
                         Sequential{Flatten{}, Linear{36, 8}, Linear{8, 5}}),
                  net_of(Sequential{Dropout{0.1f}, conv(3, 4), BatchNorm2d{4}},
                         Sequential{Flatten{}, Linear{36, 5}}));
  EXPECT_THAT(
      transfer.lines(),
      ElementsAre("loaded   features.1    Conv2d      weight (4, 3, 3, 3), bias (4), from "
                  "features.0",
                  "loaded   features.2    BatchNorm2d weight (4), bias (4), running_mean (4), "
                  "running_var (4), from features.1",
                  "kept     classifier.1  Linear      weight (5, 36), bias (5)",
                  "dropped  classifier.1  Linear      weight (8, 36), bias (8)",
                  "dropped  classifier.2  Linear      weight (5, 8), bias (5)"));
}

}  // namespace
}  // namespace weir
