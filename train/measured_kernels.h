// Convolution kernels chosen by measurement: kept for each kind of machine, and copied into every
// run that uses them, so that the run can be repeated.
#pragma once

#include <filesystem>
#include <optional>

#include "core/kernels/conv/conv_choice.h"
#include "train/config/config.h"

namespace weir {

// Where `weir bench --tune` keeps what it found: named after the processor, the instruction set in
// use and the version of Weir, in the cache folder.
std::filesystem::path measured_kernels_file();

// Throws kData when that file is damaged.
void check_measured_kernels();

// Adds to that file, atomically; what it held for other convolutions stays. Throws kData when it is
// damaged, kInternal when it cannot be written.
void store_measured_kernels(const kernels::ConvChoices& choices);

// What train.kernels asks for: nothing when "fixed". When "measured", the table of the run folder
// `run`, if it is one, else of the file above; a warning when there is none. Throws kData for a
// damaged table, and for one that this machine cannot use.
kernels::ConvChoices kernel_choices(const Config& config,
                                    const std::optional<std::filesystem::path>& run = {});

// To evaluate the run in that folder, on any machine: where its table names kernels that cannot be
// used here, the fixed rule chooses, and a warning says so.
kernels::ConvChoices evaluation_choices(const Config& config, const std::filesystem::path& run);

// The copy in a run folder.
inline constexpr const char* kRunKernelsFile = "kernels.json";

}  // namespace weir
