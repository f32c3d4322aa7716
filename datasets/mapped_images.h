// The two ways to hold normalised pictures: bytes that are mapped while they are read, or floats
// that were computed beforehand.
#pragma once

#include <memory>
#include <vector>

#include "datasets/byte_map.h"
#include "datasets/dataset.h"
#include "datasets/normalized_images.h"

namespace weir {

// maps: one for each channel.
std::unique_ptr<NormalizedImages> map_each_channel(Images images, std::vector<ByteMap> maps);

// maps: one for each picture.
std::unique_ptr<NormalizedImages> map_each_picture(Images images, std::vector<ByteMap> maps);

// values: row-major (count, channels, height, width). Of `images`, sizes and labels are kept.
std::unique_ptr<NormalizedImages> hold_values(Images images, std::vector<float> values);

}  // namespace weir
