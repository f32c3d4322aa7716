// How often a run's net keeps the class of a test picture that moves: a file beside its results.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace weir {

inline constexpr const char* kShiftFile = "shift_consistency.json";

struct MeasuredShift {
  int pixels = 0;  // pictures moved by up to so many
  int64_t pictures = 0;
  double share = 0;  // of the pictures that kept their class
};

void write_shift(const std::filesystem::path& run_folder, const MeasuredShift& measured);

// None when it was not measured. Throws kData when the file is damaged.
std::optional<MeasuredShift> read_shift(const std::filesystem::path& run_folder);

// The share, if it was measured for so many pixels; 0 pixels are never measured.
std::optional<double> shift_share(const std::filesystem::path& run_folder, int pixels);

}  // namespace weir
