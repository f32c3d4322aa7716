#include "explain/explain.h"

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "explain/methods/cam.h"
#include "explain/methods/deconvnet.h"
#include "explain/methods/grad_cam.h"
#include "explain/methods/saliency.h"
#include "tests/explain/made_model.h"
#include "tests/support/message_of.h"

namespace weir::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr int kHeight = 8, kWidth = 6, kPictures = 35;  // more than are computed at a time

TrainedModel gap_model() {
  Sequential net{Conv2d{3, 5, {.kernel_size = 3, .padding = 1}},
                 ReLU{},
                 MaxPool2d{{}},
                 AdaptiveAvgPool2d{1},
                 Flatten{},
                 Linear{5, 3}};
  fill_parameters(net, 140);
  return made_model(std::move(net), {"a", "b", "c"}, kHeight, kWidth);
}

const Images& pictures() {
  static const Images images = random_pictures(kPictures, 3, kHeight, kWidth, 11);
  return images;
}

// The first 32, then the others: batches of one block, as explain() has them.
Images part_of(int first, int count) {
  std::vector<int> indices(static_cast<size_t>(count));
  std::iota(indices.begin(), indices.end(), first);
  return subset(pictures(), indices);
}

Tensor normalized(const TrainedModel& model, const Images& images) {
  const auto values = model.card.normalizer.apply(images);
  std::vector<float> all;
  for (int i = 0; i < images.count(); ++i) {
    const std::vector<float> one = values->image(i);
    all.insert(all.end(), one.begin(), one.end());
  }
  return images_from_nchw(all.data(), images.count(), 3, images.height, images.width);
}

// What explain() gives for the pictures of a part.
std::vector<Explanation> explained(TrainedModel& model, int first, int count,
                                   const std::string& method, const std::string& layer = "") {
  const std::vector<Explanation> all =
      explain(model, pictures(), pictures().labels,
              {.method = method, .layer = layer, .occlusion = {.window = 3, .stride = 2}});
  EXPECT_THAT(all, SizeIs(kPictures));
  return {all.begin() + first, all.begin() + first + count};
}

TEST(Explain, GivesWhatTheMethodsGive) {
  TrainedModel model = gap_model();
  Sequential& net = *model.network;
  for (const auto& [first, count] : {std::pair{0, 32}, {32, 3}}) {
    const Images some = part_of(first, count);
    const Tensor images = normalized(model, some);
    const std::vector<int>& classes = some.labels;
    const Tensor cams = class_activation_maps(net, images);
    const std::vector<HeatMap> grad = grad_cam(net, images, classes),
                               named = grad_cam(net, images, classes, {.layer = "0"}),
                               gradient = saliency(net, images, classes),
                               fall = occlusion(model, some, classes, {.window = 3, .stride = 2});
    const std::vector<Deconvolved> patterns = deconvnet(net, images, classes);
    const auto find = [&](const std::string& method, const std::string& layer = "") {
      return explained(model, first, count, method, layer);
    };
    const auto by_cam = find("cam"), by_grad = find("grad-cam"), by_name = find("grad-cam", "0"),
               by_gradient = find("saliency"), by_fall = find("occlusion"),
               by_patterns = find("deconvnet");
    for (size_t i = 0; i < size_t(count); ++i) {
      EXPECT_EQ(by_cam[i].map, map_of(cams, static_cast<int>(i), classes[i]));
      EXPECT_EQ(by_grad[i].map, grad[i]);
      EXPECT_EQ(by_name[i].map, named[i]);
      EXPECT_EQ(by_gradient[i].map, gradient[i]);
      EXPECT_EQ(by_fall[i].map, fall[i]);
      EXPECT_EQ(by_patterns[i].map, patterns[i].map);
      EXPECT_EQ(by_patterns[i].pattern, patterns[i].pattern);
      EXPECT_TRUE(by_cam[i].pattern.empty());
    }
    EXPECT_NE(by_name[0].map.values.size(), by_grad[0].map.values.size());
  }
}

TEST(Explain, MethodsByName) {
  EXPECT_THAT(explain_method_names(),
              ElementsAre("cam", "grad-cam", "saliency", "occlusion", "deconvnet"));
  EXPECT_THAT(message_of([] { find_explain_method("gradcam"); }),
              HasSubstr("there is no method 'gradcam'; did you mean 'grad-cam'?"));
}

TEST(Explain, WhatDoesNotFitIsRefused) {
  TrainedModel model = gap_model();
  const auto message = [&](std::vector<int> classes, const ExplainOptions& options) {
    return message_of(
        [&] { explain(model, random_pictures(2, 2, kHeight, kWidth, 1), classes, options); });
  };
  EXPECT_THAT(message({0}, {}), HasSubstr("a class for each of 2 pictures, found 1"));
  EXPECT_THAT(message({0, 3}, {}), HasSubstr("there is no class 3; they are 0 to 2"));
  EXPECT_THAT(message({0, 1}, {.method = "saliency", .layer = "0"}),
              HasSubstr("saliency looks at no layer"));
  Sequential dense{Conv2d{3, 2, {.kernel_size = 3}}, Flatten{}, Linear{2 * 6 * 4, 2}};
  TrainedModel other = made_model(std::move(dense), {"a", "b"}, kHeight, kWidth);
  for (const std::string& method : explain_method_names()) {
    EXPECT_THAT(message_of([&] {
                  explain(other, random_pictures(1, 2, 16, 16, 1), std::vector<int>{0},
                          {.method = method});
                }),
                HasSubstr("2: expected 48 inputs, got 392"))
        << method;
  }
}

}  // namespace
}  // namespace weir::testing
