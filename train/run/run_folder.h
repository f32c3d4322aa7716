// The folder of one run: <output.dir>/<name>/<NNNN>/. Every file in it is written atomically.
//
//   config.yaml  command.txt  env.json  start.txt  log.txt  metrics.csv  steps.jsonl
//   state.safetensors  weights/{best,last}.safetensors  images/  result.json  summary.txt
//   confusion.csv  predictions.csv  kernels.json
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

inline constexpr const char* kResultFile = "result.json";

class RunFolder {
 public:
  // The next free number under root/name, which is one after the highest.
  static std::filesystem::path next(const std::filesystem::path& root, const std::string& name);
  // That folder, made so that two processes never share one. Throws
  // kInternal with the system's reason when it cannot be created or written to.
  static RunFolder create(const std::filesystem::path& root, const std::string& name);
  // An existing run. Throws kUsage when `path` is not a run folder.
  static RunFolder open(const std::filesystem::path& path);
  // The run with the highest number under root/name that has a state to resume from.
  static std::optional<RunFolder> newest(const std::filesystem::path& root,
                                         const std::string& name);

  const std::filesystem::path& path() const { return path_; }
  // All was trained and all was written.
  bool is_complete() const { return std::filesystem::exists(path_ / kResultFile); }
  std::filesystem::path state() const { return path_ / "state.safetensors"; }
  // weights("best") is <run>/weights/best.safetensors.
  std::filesystem::path weights(const std::string& which) const;
  // Throws kInternal when the disk has less than `bytes` free.
  void require_space(uint64_t bytes) const;
  void write(const std::filesystem::path& relative, std::string_view bytes) const;
  // Nothing when there is no such file.
  void remove(const std::filesystem::path& relative) const;

 private:
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace weir
