// The `expect:` section: bounds that a result must keep, for automatic checks.
#pragma once

#include "train/config/config.h"
#include "train/observer.h"

namespace weir {

// Validation values are those of the best epoch. Throws kExpectation listing every bound that does
// not hold; a value that does not exist (no validation pictures) holds no bound. An interrupted
// training is not checked.
void check_expectations(const ExpectConfig& expect, const TrainResult& result);

}  // namespace weir
