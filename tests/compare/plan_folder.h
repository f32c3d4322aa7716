// Comparison files of one test, beside the configurations that they name.
#pragma once

#include <string>
#include <vector>

#include "compare/plan/experiment.h"
#include "compare/plan/plan_file.h"
#include "tests/train/config/config_text.h"

namespace weir {

class PlanFolder : public ConfigFolder {
 protected:
  void SetUp() override {
    ConfigFolder::SetUp();
    write("base.yaml",
          "name: base\n"
          "data: {name: synth10, train_size: 200, test_size: 40, batch_size: 20}\n"
          "model: {name: vgg_mini, width: 0.125}\n"
          "optimizer: {lr: 0.05}\n"
          "train: {epochs: 3, fail_if_stuck: {after_epochs: null}}\n"
          "output: {images: false}\n");
  }

  // plan.yaml with these lines below its name and base.
  ComparisonPlan plan(const std::string& lines) const {
    write("plan.yaml", "compare: trial\nbase: base.yaml\n" + lines);
    return read_plan(folder_ / "plan.yaml");
  }
  Experiment experiment(const std::string& lines, std::vector<std::string> overrides = {}) const {
    overrides.push_back("output.dir=" + (folder_ / "out").string());
    return make_experiment(plan(lines), as_overrides(overrides));
  }
  // What is wrong, with this test's folder left out; "" when nothing is.
  std::string errors_in(const std::string& lines, std::vector<std::string> overrides = {}) const {
    try {
      experiment(lines, std::move(overrides));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
      return without_folder(error.what());
    }
    return "";
  }
};

inline const char* const kTwoVariants =
    "variants:\n"
    "  pool: {model.downsample: max_pool}\n"
    "  stride: {model.downsample: strided}\n";

}  // namespace weir
