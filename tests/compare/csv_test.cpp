#include "compare/report/csv.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

using Rows = std::vector<std::vector<std::string>>;

TEST(Csv, FieldsQuotesAndLineEnds) {
  EXPECT_EQ(parse_csv("a,b\n1,\n"), (Rows{{"a", "b"}, {"1", ""}}));
  EXPECT_EQ(parse_csv("\"a,\"\"b\"\"\",\"two\nlines\"\r\nx"),
            (Rows{{"a,\"b\"", "two\nlines"}, {"x"}}));
  EXPECT_EQ(parse_csv(""), Rows{});
  EXPECT_EQ(parse_csv("\n,\n"), (Rows{{""}, {"", ""}}));
}

TEST(Csv, WhatIsWrittenReadsBack) {
  const std::vector<std::string> fields{"plain", "a,b", "say \"no\"", "two\nlines", ""};
  EXPECT_EQ(parse_csv(csv_line(fields) + csv_line(fields)), (Rows{fields, fields}));
}

}  // namespace
}  // namespace weir
