#include "train/finetune/freezing.h"

#include "core/base/error.h"
#include "core/base/names.h"
#include "layers/freeze.h"
#include "layers/name_pattern.h"

namespace weir {

void freeze_for_epoch(Sequential& network, const FinetuneConfig& config, int epoch) {
  if (config.freeze.empty()) return;
  require_fitting(config.freeze, network.parameters(), "finetune.freeze");
  const bool thaws = config.freeze_epochs && epoch >= *config.freeze_epochs;
  set_frozen(network, thaws ? std::vector<std::string>{} : config.freeze,
             {.norm_keeps_statistics = config.freeze_norm});
  require(is_trainable(network),
          "finetune.freeze: [{}] freezes every parameter, so there is nothing to train; leave out "
          "what is to learn, such as the head",
          join(config.freeze));
}

}  // namespace weir
