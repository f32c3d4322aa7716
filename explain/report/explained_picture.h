// Pictures, what a network says of them, and why.
#pragma once

#include <vector>

#include "explain/explain.h"
#include "explain/report/class_choice.h"
#include "explain/report/seen_picture.h"

namespace weir {

struct ExplainedPicture {
  SeenPicture seen;
  int explained = 0;  // the class
  Explanation explanation;
};

// For every picture, which was looked at, the classes that were chosen, in this order. Throws as
// explain() and chosen_classes().
std::vector<ExplainedPicture> explain_pictures(TrainedModel& model,
                                               const std::vector<SeenPicture>& pictures,
                                               const ClassChoice& choice,
                                               const ExplainOptions& options);

}  // namespace weir
