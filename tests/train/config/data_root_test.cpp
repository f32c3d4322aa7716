#include "train/config/data_root.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "config_text.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

// Sets an environment variable for one test.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    const char* old = std::getenv(name);
    if (old != nullptr) old_ = old;
    had_ = old != nullptr;
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() { had_ ? ::setenv(name_, old_.c_str(), 1) : ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::string old_;
  bool had_ = false;
};

class DataRoot : public ConfigFolder {
 protected:
  void make(const std::string& name) const { fs::create_directories(folder_ / name); }
};

TEST_F(DataRoot, TildeIsTheHomeFolder) {
  make("pets");
  const Variable home("HOME", folder_);
  EXPECT_EQ(find_data_root("~/pets"), folder_ / "pets");
  EXPECT_EQ(fs::canonical(find_data_root("~")), fs::canonical(folder_));
}

TEST_F(DataRoot, AbsolutePathIsTakenAsItIs) {
  make("pets");
  EXPECT_EQ(find_data_root(path("pets")), folder_ / "pets");
}

TEST_F(DataRoot, WeirDataComesBeforeTheCache) {
  make(".cache/weir/pets");
  const Variable home("HOME", folder_);
  const Variable data("WEIR_DATA", path("sets"));
  EXPECT_EQ(find_data_root("pets"), folder_ / ".cache/weir/pets");
  make("sets/pets");
  EXPECT_EQ(find_data_root("pets"), folder_ / "sets/pets");
}

TEST_F(DataRoot, MissingFolderNamesWhatWasSearched) {
  const Variable home("HOME", folder_);
  const Variable data("WEIR_DATA", path("sets"));
  try {
    find_data_root("no-such-pets");
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kData);
    EXPECT_EQ(without_folder(error.what()),
              "data.root: 'no-such-pets' is not here; searched no-such-pets, sets/no-such-pets, "
              "./data/no-such-pets, .cache/weir/no-such-pets");
  }
}

}  // namespace
}  // namespace weir
