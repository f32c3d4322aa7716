// What makes synth10 easier or harder. The sets are frozen: changing one changes published numbers.
#pragma once

#include <string>

namespace weir {

struct Interval {
  float low, high;
};

struct Synth10Difficulty {
  std::string name;
  Interval radius;            // of the disc with the object's area, in pixels
  float turn;                 // the object is turned by up to this, either way; 1 is a full turn
  float stretch;              // one axis is up to this much longer, the other shorter
  Interval ring_hole;         // inner radius / outer radius
  Interval cross_arm;         // width / length of an arm
  Interval texture_contrast;  // half the step between light and dark
  Interval texture_period;    // pixels
  int most_clutter;           // 1 to this many small patches behind the object
  int most_bars;              // 0 to this many bars across it
  Interval bar_width;         // pixels
  float colour_distance;      // at least this far from the background, over all channels
  float noise;                // standard deviation
};

// Throws kUsage with the nearest name.
const Synth10Difficulty& synth10_difficulty(const std::string& name);

}  // namespace weir
