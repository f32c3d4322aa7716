#include "layers/name_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "layers/layers.h"
#include "tests/support/message_of.h"

namespace weir {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(NamePattern, FitsNamesAndTheLayersOfNames) {
  const std::string name = "features.10.weight";
  for (const char* pattern :
       {"features.10.weight", "features.10", "features", "features.*", "*", "*.weight", "feat*",
        "features.1?", "features.[0-9][0-9]", "features.1*.weight", "backbone"}) {
    EXPECT_TRUE(fits(pattern, name)) << pattern;
  }
  for (const char* pattern : {"features.1", "feature", "10", "weight", "*.bias", "features.1?.bias",
                              "head", "classifier.*", "features.[a-z]", ""}) {
    EXPECT_FALSE(fits(pattern, name)) << pattern;
  }
  EXPECT_TRUE(fits("head", "classifier.4.bias"));
  EXPECT_FALSE(fits("backbone", "classifier.4.bias"));
}

TEST(NamePattern, EveryOneOfSeveralMustFitSomething) {
  Sequential net;
  net.add("features", Sequential{Conv2d{3, 4, {.kernel_size = 3}}, ReLU{}, BatchNorm2d{4}});
  net.add("classifier", Sequential{Linear{4, 2}});
  EXPECT_EQ(testing::message_of([&] {
              require_fitting({"features.0", "*.bias", "head"}, net.parameters(), "freeze");
            }),
            "");
  const std::string message = testing::message_of([&] {
    require_fitting({"featurs.*", "features.2", "features.1", "backbon"}, net.parameters(),
                    "freeze");
  });
  EXPECT_THAT(message, AllOf(HasSubstr("freeze: 'featurs.*' fits no parameter; did you mean "
                                       "'features'?; layers with parameters: features.0, "
                                       "features.2, classifier.0"),
                             HasSubstr("\nfreeze: 'features.1' fits no parameter"),
                             HasSubstr("'backbon' fits no parameter; did you mean 'backbone'?"),
                             Not(HasSubstr("'features.2' fits"))));
}

}  // namespace
}  // namespace weir
