// A folder with one small case, to be spoilt.
#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "core/base/file.h"

namespace weir::testing {

// The mean of 1 2 3 4, sent back: 8 to each of them a quarter.
inline const std::string kTinyCase =
    R"({"id":"avg_pool2d/0001","note":"by hand","source":"hand","op":"avg_pool2d",)"
    R"("args":{"kernel_size":[2,2],"count_include_pad":true},"mode":"train","dtype":"float32",)"
    R"("input":{"shape":[1,1,2,2],"data":[1,2,3,4]},"upstream":{"shape":[1,1,1,1],"data":[8]},)"
    R"("output":{"shape":[1,1,1,1],"data":[2.5]},)"
    R"("input_gradient":{"shape":[1,1,2,2],"data":[2,2,2,2]},)"
    R"("compare":{"output":"exact","input_gradient":{"roundings":4,"scale":2}}})";

// `text` with its only `from` replaced.
inline std::string with(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// A new folder with `lines` as the cases of an operator. Unpacked: the reader takes that too.
inline std::filesystem::path case_folder(const std::string& lines,
                                         const std::string& op = "avg_pool2d") {
  const std::filesystem::path folder =
      std::filesystem::path(::testing::TempDir()) /
      ("conformance_" +
       std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
  make_folder(folder);
  write_file_atomic(folder / (op + ".jsonl.gz"), lines);
  return folder;
}

}  // namespace weir::testing
