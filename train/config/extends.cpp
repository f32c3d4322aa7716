#include "train/config/extends.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "core/base/file.h"
#include "core/base/names.h"
#include "train/config/strict_yaml.h"

namespace weir {
namespace fs = std::filesystem;
namespace {

// "no such file; did you mean 'vgg_mini.yaml'?"
std::string missing_file(const fs::path& file) {
  std::vector<std::string> names;
  std::error_code error;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.is_regular_file(error)) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return "no such file" + did_you_mean(file.filename().string(), names);
}

class Reader {
 public:
  explicit Reader(ProblemList& problems) : problems_(problems) {}

  void read(const fs::path& file) {
    const std::string source = file.string();
    const uintmax_t size = fs::file_size(file);
    if (size > kMaxYamlBytes) {
      problems_.add({source}, "{} bytes; a configuration may have {}", size, kMaxYamlBytes);
      return;
    }
    chain_.push_back(file);
    read_text(read_file(file), source, file.parent_path());
    chain_.pop_back();
  }

  void read_text(std::string_view text, const std::string& source, const fs::path& folder) {
    const size_t before = problems_.size();
    YamlNode root = parse_yaml(text, source, problems_);
    if (!root.is_map()) {
      if (problems_.size() == before) {
        problems_.add({source, 1, 1}, "expected keys and values, found {}",
                      root.is_null() ? "an empty document" : root.found());
      }
      return;
    }
    read_bases(root, folder);
    root.erase("extends");
    merge_into(merged_.root, std::move(root));
    merged_.sources.push_back(source);
  }

  MergedYaml take() { return std::move(merged_); }

 private:
  void read_bases(const YamlNode& root, const fs::path& folder) {
    const YamlEntry* extends = root.find("extends");
    if (extends == nullptr) return;
    if (extends->value.is_list()) {
      for (const YamlNode& item : extends->value.items) read_base(item, folder);
    } else {
      read_base(extends->value, folder);
    }
  }

  void read_base(const YamlNode& name, const fs::path& folder) {
    if (!name.is_scalar() || name.text.empty()) {
      problems_.add(name.place, "extends: expected a file name or a list of them, found {}",
                    name.found());
      return;
    }
    const fs::path file = (folder / name.text).lexically_normal();
    std::error_code error;
    if (!fs::is_regular_file(file, error)) {
      problems_.add(name.place, "extends: {}: {}", file.string(), missing_file(file));
    } else if (is_open(file)) {
      problems_.add(name.place, "extends goes in a circle: {}", chain_to(file));
    } else if (chain_.size() > kMaxExtendsDepth) {
      problems_.add(name.place, "extends is deeper than {} files: {}", kMaxExtendsDepth,
                    chain_to(file));
    } else if (++files_ > kMaxConfigFiles) {
      // Said once: each further file would say it again.
      if (files_ == kMaxConfigFiles + 1) {
        problems_.add(name.place, "extends reads more than {} files", kMaxConfigFiles);
      }
    } else {
      read(file);
    }
  }

  bool is_open(const fs::path& file) const {
    return std::any_of(chain_.begin(), chain_.end(), [&](const fs::path& open) {
      std::error_code error;
      return fs::equivalent(open, file, error);
    });
  }

  std::string chain_to(const fs::path& file) const {
    std::vector<std::string> names;
    for (const fs::path& open : chain_) names.push_back(open.string());
    names.push_back(file.string());
    return join(names, " -> ");
  }

  ProblemList& problems_;
  MergedYaml merged_{.root = {.kind = YamlNode::Kind::kMap}};
  std::vector<fs::path> chain_;
  size_t files_ = 1;
};

}  // namespace

MergedYaml read_with_extends(const fs::path& file, ProblemList& problems) {
  std::error_code error;
  require(fs::is_regular_file(file, error), "{}: {}", file.string(), missing_file(file));
  Reader reader(problems);
  reader.read(file);
  return reader.take();
}

MergedYaml read_text_with_extends(std::string_view text, const std::string& source,
                                  ProblemList& problems) {
  Reader reader(problems);
  reader.read_text(text, source, ".");
  return reader.take();
}

}  // namespace weir
