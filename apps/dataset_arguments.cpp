#include "apps/dataset_arguments.h"

#include "core/base/error.h"
#include "train/config/load.h"
#include "train/trainer/prepared_data.h"

namespace weir {

void add_dataset_arguments(Command& command, DatasetArguments& arguments) {
  command.add_option("name", arguments.name, "cifar10, synth10, image_folder or auto")
      ->type_name("NAME");
  command.add_option("overrides", arguments.overrides, "Keys of `data:`, as data.root=pictures")
      ->type_name("KEY=VALUE");
}

Dataset open_dataset(const DatasetArguments& arguments) {
  std::vector<Override> overrides = {{"data.name=" + arguments.name, "NAME"}};
  for (const std::string& word : arguments.overrides) {
    require(word.starts_with("data."),
            "expected a key of `data:`, found '{}'; for example "
            "data.root=pictures",
            word);
    overrides.push_back({word, ""});
  }
  return open_configured_dataset(load_config_text("{}", "data", overrides).config);
}

}  // namespace weir
