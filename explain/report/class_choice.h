// Which classes of a picture are explained.
#pragma once

#include <string>
#include <vector>

#include "explain/report/seen_picture.h"

namespace weir {

struct ClassChoice {
  enum class Kind { kPredicted, kTrue, kOne, kTop };
  Kind kind = Kind::kPredicted;
  int value = 0;  // kOne: the class; kTop: how many, the most probable first
};

// "predicted", "true", the name of a class or its number; a name counts before the others. Throws
// kUsage with the nearest name.
ClassChoice parse_class_choice(const std::string& text, const std::vector<std::string>& classes);

// Throws kUsage when the true class is asked for and not known.
std::vector<int> chosen_classes(const ClassChoice& choice, const SeenPicture& seen);

}  // namespace weir
