// The score of one class for each image, to be differentiated: what an explanation asks about.
#pragma once

#include <span>

#include "core/autograd/variable.h"

namespace weir {

// logits (N, K, 1, 1) images of F32; classes N values in [0, K). The sum over n of
// logits[n, classes[n]], one number: images do not see each other in evaluation, so its gradient
// with respect to an image is that of the image's own score. Throws kUsage as cross_entropy().
Variable class_score(const Variable& logits, std::span<const int> classes);

}  // namespace weir
