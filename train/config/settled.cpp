#include "train/config/settled.h"

#include "core/runtime/precision.h"

namespace weir {

Config settled(Config config) {
  std::string& precision = config.train.precision;
  precision = name_of(parse_precision(precision));
  return config;
}

}  // namespace weir
