// Mean and spread of the colours of a set.
#pragma once

#include <vector>

#include "datasets/dataset.h"

namespace weir {

struct ChannelStatistics {
  std::vector<float> mean, std;  // of x / 255, for each channel, over all pixels of all pictures
};

// std divides by the number of pixels. A channel of one value gets std 1, so that dividing by it is
// safe. Independent of the number of threads.
ChannelStatistics channel_statistics(const Images& images);

}  // namespace weir
