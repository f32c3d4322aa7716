// "out/" is how shells complete the name of a folder. The export was then collected inside the
// folder that it had to become, and failed at the end.
#include <filesystem>

#include <gtest/gtest.h>

#include "datasets/export.h"
#include "datasets/stripes4.h"
#include "tests/datasets/temp_folder.h"

namespace weir {
namespace {

TEST(ExportFolderName, MayEndWithASlash) {
  const testing_support::TempFolder folder;
  export_dataset(make_stripes4(), "png", folder / "out/");
  EXPECT_TRUE(std::filesystem::is_regular_file(folder / "out/train/across/000000.png"));
  EXPECT_FALSE(std::filesystem::exists(folder / "out/out"));
}

}  // namespace
}  // namespace weir
