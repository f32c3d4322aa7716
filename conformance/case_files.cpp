#include "conformance/case_files.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <system_error>

#include <archive.h>
#include <archive_entry.h>

#include "core/base/error.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".jsonl.gz";
constexpr size_t kMostBytes = size_t{1} << 30;  // of one file, unpacked

struct CloseArchive {
  void operator()(archive* handle) const { archive_read_free(handle); }
};

void check(const fs::path& path, archive* handle, la_ssize_t status) {
  if (status >= ARCHIVE_WARN) return;
  const char* reason = archive_error_string(handle);
  fail(ErrorKind::kData, "{}: cannot read it as a gzip file: {}", path.string(),
       reason == nullptr ? "unknown reason" : reason);
}

std::string unpacked(const fs::path& path) {
  const std::unique_ptr<archive, CloseArchive> owner(archive_read_new());
  archive* handle = owner.get();
  archive_read_support_filter_gzip(handle);
  archive_read_support_format_raw(handle);
  std::array<char, 1 << 16> buffer;
  archive_entry* entry = nullptr;
  check(path, handle, archive_read_open_filename(handle, path.c_str(), buffer.size()));
  check(path, handle, archive_read_next_header(handle, &entry));
  std::string text;
  while (true) {
    const la_ssize_t count = archive_read_data(handle, buffer.data(), buffer.size());
    check(path, handle, count);
    if (count <= 0) return text;
    text.append(buffer.data(), static_cast<size_t>(count));
    if (text.size() > kMostBytes) fail(ErrorKind::kData, "{}: too large", path.string());
  }
}

bool has_cases(const fs::path& folder) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().filename().string().ends_with(kEnding)) return true;
  }
  return false;
}

}  // namespace

fs::path find_case_folder() {
  std::error_code unreadable;
  const fs::path program = fs::read_symlink("/proc/self/exe", unreadable);
  for (fs::path at = program.parent_path(); at.has_relative_path(); at = at.parent_path()) {
    for (const char* place : {"share/weir/conformance", "conformance/cases"}) {
      if (has_cases(at / place)) return at / place;
    }
  }
  fail(ErrorKind::kData,
       "no conformance cases beside {} (share/weir/conformance, or conformance/cases of the source "
       "tree); name their folder: weir conformance FOLDER",
       program.string());
}

std::vector<std::string> operators_in(const fs::path& folder) {
  std::vector<std::string> operators;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(kEnding)) operators.push_back(name.substr(0, name.size() - kEnding.size()));
  }
  if (operators.empty()) {
    fail(ErrorKind::kData, "{}: expected a folder with files OPERATOR{}, found none{}",
         folder.string(), kEnding, error ? " (" + error.message() + ")" : "");
  }
  std::sort(operators.begin(), operators.end());
  return operators;
}

std::vector<ConformanceCase> read_cases(const fs::path& folder, const std::string& op) {
  const fs::path path = folder / fmt::format("{}{}", op, kEnding);
  const std::string text = unpacked(path);
  std::vector<ConformanceCase> cases;
  int number = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    ++number;
    if (!line.empty()) {
      cases.push_back(parse_case(line, fmt::format("{}:{}", path.string(), number)));
    }
    begin = end + 1;
  }
  return cases;
}

}  // namespace weir
