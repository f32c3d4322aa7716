// Loading configurations from texts and temporary files.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "train/config/config_errors.h"
#include "train/config/load.h"

namespace weir {

inline std::vector<Override> as_overrides(const std::vector<std::string>& texts) {
  std::vector<Override> overrides;
  for (const std::string& text : texts) overrides.push_back({text, ""});
  return overrides;
}

inline LoadedConfig loaded(std::string_view text, const std::vector<std::string>& overrides = {}) {
  return load_config_text(text, "c.yaml", as_overrides(overrides));
}

inline Config config_of(std::string_view text, const std::vector<std::string>& overrides = {}) {
  return loaded(text, overrides).config;
}

// Every message, one in a line; "" when nothing is wrong.
inline std::string errors_of(std::string_view text,
                             const std::vector<std::string>& overrides = {}) {
  try {
    loaded(text, overrides);
  } catch (const ConfigErrors& errors) {
    EXPECT_EQ(errors.kind(), ErrorKind::kUsage);
    return errors.what();
  }
  return "";
}

// An empty folder of one test; files are written into it.
class ConfigFolder : public testing::Test {
 protected:
  void SetUp() override {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) / info->test_suite_name() / info->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  void write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories((folder_ / name).parent_path());
    write_file_atomic(folder_ / name, text);
  }
  // The messages of loading a file, with the folder's own path left out.
  std::string errors_of_file(const std::string& name) const {
    try {
      load_config(folder_ / name);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
      return without_folder(error.what());
    }
    return "";
  }
  std::string without_folder(std::string text) const {
    const std::string prefix = folder_.string() + '/';
    for (size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
      text.erase(at, prefix.size());
    }
    return text;
  }

  std::filesystem::path folder_;
};

}  // namespace weir
