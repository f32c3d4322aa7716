// weir localize: how well a trained network's maps find the object.
#include "explain/measure/localize.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>

#include <fmt/core.h>

#include "apps/commands/commands.h"
#include "apps/events.h"
#include "apps/explain_arguments.h"
#include "apps/trained_run.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "explain/methods/placed_layer.h"
#include "explain/report/localization_report.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

struct LocalizeArguments {
  std::string trained, out;
  std::vector<std::string> overrides, on;
  MethodArguments method;
  std::optional<int> canvas, object;
  uint64_t seed = 1;
  int limit = 1000;
};

struct PictureKind {
  const char* name;
  Backdrop backdrop;  // of pasted ones
};
constexpr const char* kMasks = "masks";
constexpr std::array<PictureKind, 3> kPasted{
    {{"grey", Backdrop::kGrey}, {"noise", Backdrop::kNoise}, {"patches", Backdrop::kPatches}}};

std::vector<std::string> kind_names() {
  std::vector<std::string> names{kMasks};
  for (const PictureKind& kind : kPasted) names.emplace_back(kind.name);
  return names;
}

// "default", "easy" or "hard" for synth10; none for sets that say nothing of their objects.
std::optional<std::string> difficulty_of(const Dataset& dataset) {
  const std::string name = "synth10-v1";
  if (!dataset.id.starts_with(name)) return std::nullopt;
  return dataset.id == name ? "default" : dataset.id.substr(name.size() + 1);
}

// What was asked for, or all that the data set allows.
std::vector<std::string> chosen_kinds(const std::vector<std::string>& asked,
                                      const Dataset& dataset) {
  std::vector<std::string> kinds = asked.empty() ? kind_names() : asked;
  if (asked.empty() && !difficulty_of(dataset)) kinds.erase(kinds.begin());
  const bool masks = std::find(kinds.begin(), kinds.end(), kMasks) != kinds.end();
  require(!masks || difficulty_of(dataset).has_value(),
          "--on masks: {} ({}) says nothing about where its objects are, synth10 does; take grey, "
          "noise or patches",
          dataset.id, dataset.source);
  return kinds;
}

struct KindOfPictures {
  std::string name;
  LocatedPictures pictures;
};

KindOfPictures pictures_of_kind(const std::string& kind, const std::string& difficulty,
                                const ChosenPictures& chosen, PasteOptions paste) {
  if (kind == kMasks) {
    return {kind, located_synth10(chosen.indices, {.difficulty = difficulty})};
  }
  for (const PictureKind& pasted : kPasted) {
    if (kind == pasted.name) paste.backdrop = pasted.backdrop;
  }
  return {fmt::format("{} {}", kind, paste.canvas), pasted_pictures(chosen.images, paste)};
}

// Throws kUsage for sizes of canvases when there are none.
PasteOptions paste_options(const LocalizeArguments& arguments,
                           const std::vector<std::string>& kinds) {
  const bool pastes = kinds != std::vector<std::string>{kMasks};
  require(pastes || (!arguments.canvas && !arguments.object),
          "--canvas and --object belong to --on grey, noise and patches; found masks alone");
  PasteOptions paste{.seed = arguments.seed};
  paste.canvas = arguments.canvas.value_or(paste.canvas);
  paste.object = arguments.object.value_or(paste.object);
  return paste;
}

std::vector<KindOfPictures> find_pictures(const TrainedModel& model,
                                          const LocalizeArguments& arguments) {
  Dataset dataset = open_run_dataset(model, arguments.trained, arguments.overrides, "measured");
  const std::vector<std::string> kinds = chosen_kinds(arguments.on, dataset);
  const PasteOptions paste = paste_options(arguments, kinds);
  const std::string difficulty = difficulty_of(dataset).value_or("");
  const ChosenPictures chosen = choose_pictures(model, std::move(dataset), "test", arguments.limit);
  std::vector<KindOfPictures> found;
  for (const std::string& kind : kinds) {
    found.push_back(pictures_of_kind(kind, difficulty, chosen, paste));
  }
  return found;
}

std::string json_text(const std::vector<Localization>& measured) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const Localization& pictures : measured) {
    for (const MeasuredMaps& row : pictures.rows) {
      rows.push_back(localization_json(pictures, row));
    }
  }
  return nlohmann::ordered_json{{"schema", 1}, {"rows", std::move(rows)}}.dump(2) + "\n";
}

std::string table(const std::vector<Localization>& measured) {
  const auto percent = [](double share) { return fmt::format("{:.1f}", 100 * share); };
  std::string text = fmt::format("{:<12}{:<12}{:>7}{:>10}{:>16}{:>10}{:>8}{:>14}{:>12}\n",
                                 "pictures", "maps", "acc", "GT-known", "MaxBoxAccV2", "pointing",
                                 "energy", "mask pointing", "mask energy");
  for (const Localization& pictures : measured) {
    for (const MeasuredMaps& row : pictures.rows) {
      const LocalizationScores& scores = row.scores;
      text += fmt::format("{:<12}{:<12}{:>7}{:>10}{:>16}{:>10}{:>8}{:>14}{:>12}\n",
                          pictures.pictures, row.maps, percent(pictures.accuracy),
                          percent(scores.gt_known), percent(scores.max_box_acc_v2),
                          percent(scores.pointing), percent(scores.energy),
                          scores.mask_pointing ? percent(*scores.mask_pointing) : "-",
                          scores.mask_energy ? percent(*scores.mask_energy) : "-");
    }
  }
  return text;
}

// Before anything is computed: a network with a dense head takes one size only.
void require_takes(const TrainedModel& model, const std::vector<KindOfPictures>& kinds) {
  for (const KindOfPictures& kind : kinds) {
    const Images& images = kind.pictures.images;
    try {
      placed_layers(*model.network, {.c = images.channels, .h = images.height, .w = images.width});
    } catch (const Error& error) {
      fail(error.kind(), "{}: {}\ntake {}--canvas {} with a smaller --object", kind.name,
           error.what(), kinds.front().name == kMasks ? "--on masks, or " : "", model.card.height);
    }
  }
}

Localization measure_kind(TrainedModel& model, const KindOfPictures& kind,
                          const ExplainOptions& options, uint64_t seed, const fs::path& folder) {
  log_info("{} pictures: {}", kind.pictures.images.count(), kind.name);
  Localization measured = localize(model, kind.name, kind.pictures, options, seed);
  make_folder(folder);
  const std::string word = kind.name.substr(0, kind.name.find(' '));
  write_png(folder / fmt::format("localize-{}-{}.png", options.method, word),
            draw_localization(measured, kind.pictures, model.card.classes));
  return measured;
}

void print_result(const CommandTree& tree, const std::vector<Localization>& measured,
                  const fs::path& folder) {
  if (!tree.globals().json) {
    print_text(table(measured));
    print_text(fmt::format("\nfiles   {}\n", folder.string()));
    return;
  }
  for (const Localization& pictures : measured) {
    for (const MeasuredMaps& row : pictures.rows) {
      print_event("localization", localization_json(pictures, row));
    }
  }
  print_event("localize", {{"kinds", measured.size()}, {"folder", folder.string()}});
}

int run(const CommandTree& tree, const LocalizeArguments& arguments) {
  require(!arguments.trained.empty(),
          "expected a run folder or a weights file\nsee: weir localize --help");
  TrainedModel model = load_trained_run(arguments.trained);
  const ExplainOptions options = explain_options(arguments.method);
  const fs::path folder = output_folder(arguments.out, arguments.trained, "localize");
  const std::vector<KindOfPictures> kinds = find_pictures(model, arguments);
  require_takes(model, kinds);
  std::vector<Localization> measured;
  for (const KindOfPictures& kind : kinds) {
    measured.push_back(measure_kind(model, kind, options, arguments.seed, folder));
  }
  const std::string name = "localize-" + options.method;
  write_file_atomic(folder / (name + ".csv"), localization_csv(measured));
  write_file_atomic(folder / (name + ".json"), json_text(measured));
  print_result(tree, measured, folder);
  return 0;
}

}  // namespace

void add_localize_command(CommandTree& tree) {
  auto arguments = std::make_shared<LocalizeArguments>();
  Command* command =
      tree.add(tree.root(), "localize", "How well a trained network's maps find the object",
               [&tree, arguments] { return run(tree, *arguments); });
  command->add_option("trained", arguments->trained, "A run folder, or a weights file")
      ->type_name("RUN|WEIGHTS");
  command->add_option("overrides", arguments->overrides, "Keys of `data:`, as data.root=pictures")
      ->type_name("KEY=VALUE");
  add_method_options(*command, arguments->method);
  command->add_choices("--on", arguments->on, kind_names(),
                       "masks: the objects of synth10; grey, noise, patches: test pictures "
                       "pasted on a canvas of that; by default all that apply, or A,B");
  command->add_option("--canvas", arguments->canvas, "Side of the canvas (default 64)")
      ->range(1, kMaxPictureSide)
      ->type_name("N");
  command
      ->add_option("--object", arguments->object,
                   "Side to which a picture is resized before it is pasted; by default its own")
      ->range(1, kMaxPictureSide)
      ->type_name("N");
  command->add_option("--limit", arguments->limit, "Test pictures, at most (default 1000)")
      ->range(2, 1'000'000)
      ->type_name("N");
  command->add_option("--seed", arguments->seed, "Of places, backdrops and random maps (1)")
      ->type_name("N");
  command->add_option("--out", arguments->out, "Where files go; RUN/localize by default")
      ->type_name("DIR");
  tree.add_json(*command);
}

}  // namespace weir
