#include "models/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "models/registry.h"
#include "models/summary_format.h"

namespace weir {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const SummaryRow& row_at(const Summary& summary, const std::string& path) {
  for (const SummaryRow& row : summary.rows) {
    if (row.path == path) return row;
  }
  throw std::runtime_error("no layer " + path);
}

// Worked by hand: 5x5 sees 5; pooling 6 with stride 2; 5x5 on it 6 + 4*2 = 14; pooling 16,
// stride 4.
TEST(Summary, LeNet5ByHand) {
  const Summary summary = summarize(build_model({.name = "lenet5"}));
  const SummaryRow& conv = row_at(summary, "features.3");
  EXPECT_EQ(conv.kind, "Conv2d");
  EXPECT_EQ(conv.output, (FeatureShape{16, 10, 10}));
  EXPECT_EQ(conv.params, 16 * (6 * 25 + 1));
  EXPECT_EQ(conv.macs, 16 * 10 * 10 * 6 * 25);
  EXPECT_EQ(conv.activation_bytes, 16 * 10 * 10 * 4);
  EXPECT_EQ(conv.field.y, (Field{14, 2}));
  EXPECT_THAT(conv.formulas, ElementsAre("floor((14 + 2*0 - 1*(5-1) - 1) / 1) + 1 = 10",
                                         "floor((14 + 2*0 - 1*(5-1) - 1) / 1) + 1 = 10"));
  EXPECT_EQ(row_at(summary, "features.5").field.x, (Field{16, 4}));
  EXPECT_EQ(row_at(summary, "classifier.0").activation_bytes, 0) << "flatten is a view";
  // A linear layer sees the whole 5x5 map: 16 + 4 * 4.
  EXPECT_EQ(row_at(summary, "classifier.1").field.y.size, 32);
  EXPECT_EQ(summary.params, 62'006);
  EXPECT_EQ(summary.field.y, (Field{16, 4}));
}

// A pixel of the last map depends on 27 pixels: 3, 5, 7 | 11, 15, 19 (stride 2) | 27 (stride 4).
TEST(Summary, AllCnnCReceptiveField) {
  const Summary summary = summarize(build_model({.name = "springenberg"}));
  EXPECT_EQ(summary.field.y, (Field{27, 4}));
  EXPECT_EQ(summary.field.x, (Field{27, 4}));
}

// The definition, independent of the recursion: the distance between the first and the last input
// that reach one output, by walking windows backwards.
TEST(Summary, FieldEqualsBackwardWalk) {
  const Axis axes[] = {{.in = 0, .kernel = 3, .stride = 2, .pad = 1},
                       {.in = 0, .kernel = 2, .stride = 3, .pad = 0, .dilation = 4},
                       {.in = 0, .kernel = 5, .stride = 1, .pad = 2, .dilation = 2}};
  Field field;
  for (const Axis& axis : axes) field = field.through(axis);
  const auto reach = [&](int64_t output) {
    int64_t first = output, last = output;
    for (auto axis = std::rbegin(axes); axis != std::rend(axes); ++axis) {
      first = first * axis->stride - axis->pad;
      last = last * axis->stride - axis->pad + axis->dilation * (axis->kernel - 1);
    }
    return std::pair(first, last);
  };
  EXPECT_EQ(field.size, reach(7).second - reach(7).first + 1);
  EXPECT_EQ(field.stride, reach(8).first - reach(7).first);
}

TEST(Summary, TotalsAreSums) {
  const Summary summary = summarize(build_model({.name = "vgg_mini", .batch_norm = true}));
  int64_t params = 0, macs = 0, bytes = 0;
  for (const SummaryRow& row : summary.rows) {
    params += row.params;
    macs += row.macs;
    bytes += row.activation_bytes;
  }
  EXPECT_EQ(summary.params, params);
  EXPECT_EQ(summary.macs, macs);
  EXPECT_EQ(summary.activation_bytes, bytes);
}

// LeNet-5 at batch 33 fills two blocks of 32. Activations for one image, in floats: conv and ReLU
// 2 * 4704, pool 1176, conv and ReLU 2 * 1600, pool 400, then 2 * 120 + 2 * 84 + 10 = 14,602; the
// largest neighbours are the first convolution and its ReLU.
TEST(Summary, MemoryByHand) {
  const Summary summary = summarize(build_model({.name = "lenet5"}));
  ASSERT_EQ(summary.activation_bytes, 14'602 * 4);
  const MemoryEstimate estimate = estimate_memory(summary, 33);
  const int64_t weights = 62'006 * 4, images = 64;
  EXPECT_EQ(estimate.inference, weights + images * 2 * 4704 * 4);
  EXPECT_EQ(estimate.training, 3 * weights + images * 4 * (14'602 + 2 * 4704 + 2 * 3072));
  EXPECT_EQ(estimate_memory(summary, 33, 2).training, estimate.training + weights);
  EXPECT_EQ(estimate_memory(summary, 1).inference, weights + 2 * 4704 * 4);
}

TEST(SummaryFormat, TableIsAligned) {
  const Summary summary = summarize(build_model({.name = "springenberg"}));
  const std::string text = format_summary(summary, SummaryFormat::kTable);
  EXPECT_THAT(text, HasSubstr("1,369,738"));
  EXPECT_THAT(text, HasSubstr("features.0"));
  std::istringstream lines(text);
  std::string head, line;
  std::getline(lines, head);
  EXPECT_THAT(head, StartsWith("Layer"));
  for (size_t i = 0; i < summary.rows.size() + 3; ++i) {
    std::getline(lines, line);
    EXPECT_EQ(line.size(), head.size()) << line;
  }
}

TEST(SummaryFormat, JsonHoldsTheNumbers) {
  const Summary summary = summarize(build_model({.name = "lenet5"}));
  const auto json = nlohmann::json::parse(format_summary(summary, SummaryFormat::kJson));
  EXPECT_EQ(json["model"], "lenet5");
  EXPECT_EQ(json["total"]["params"], 62'006);
  EXPECT_EQ(json["layers"].size(), summary.rows.size());
  EXPECT_EQ(json["layers"][3]["output"], (std::vector<int>{16, 10, 10}));
  EXPECT_EQ(json["layers"][3]["receptive_field"], (std::vector<int>{14, 14}));
  EXPECT_EQ(json["layers"].back()["output"], std::vector<int>{10});
}

TEST(SummaryFormat, MarkdownHasOneRowForEachLayer) {
  const Summary summary = summarize(build_model({.name = "lenet5"}));
  const std::string text = format_summary(summary, SummaryFormat::kMarkdown);
  size_t rows = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) rows += line.starts_with("| ");
  EXPECT_EQ(rows, summary.rows.size() + 2) << "header and total besides the layers";
  EXPECT_THAT(text, HasSubstr("| features.3 | Conv2d(6, 16, kernel_size=(5, 5), stride=(1, 1)) | "
                              "(16, 10, 10) | 2,416 | 0.240 | 6.2 | 14 | 2 |"));
}

TEST(SummaryFormat, UnknownFormatNamesTheNearest) {
  EXPECT_EQ(summary_format_named("md"), SummaryFormat::kMarkdown);
  try {
    summary_format_named("jsn");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'json'?"));
  }
}

}  // namespace
}  // namespace weir
