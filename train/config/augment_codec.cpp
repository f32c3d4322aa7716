// data.augment: [{hflip: 0.5}, {crop: {padding: 4, padding_mode: reflect}}, {translate: 5},
// {cutout: 8}]. The order in the file does not matter; datasets/augment.h has the order of use.
#include <set>

#include <fmt/core.h>

#include "core/base/names.h"
#include "train/config/value_codec.h"

namespace weir {
namespace {

const std::vector<std::string> kSteps = {"hflip", "crop", "translate", "cutout"};
const std::vector<std::string> kCropKeys = {"padding", "padding_mode"};

KeyInfo pixels(const std::string& path) {
  return {.path = path, .type = KeyType::kInteger, .rules = {.range = {.min = 1, .max = 1024}}};
}

KeyInfo probability(const std::string& path) {
  return {.path = path, .type = KeyType::kNumber, .rules = {.range = {.min = 0, .max = 1}}};
}

void read_crop(const YamlNode& node, const std::string& path, AugmentOptions& out,
               ProblemList& problems) {
  const bool is_crop = node.is_map() && node.find("padding") != nullptr;
  if (!is_crop) {
    problems.add(node.place, "{}: expected {{padding: N}}, found {}", path,
                 node.is_map() ? "no padding" : node.found());
    return;
  }
  for (const YamlEntry& entry : node.entries) {
    const std::string name = fmt::format("{}.{}", path, entry.key);
    if (entry.key == "padding") {
      read_value(entry.value, pixels(name), out.crop_padding, problems);
    } else if (entry.key == "padding_mode") {
      const KeyInfo mode{.path = name, .rules = {.choices = {"zero", "reflect"}}};
      read_value(entry.value, mode, out.padding_mode, problems);
    } else {
      problems.add(entry.key_place, "unknown key '{}' under {}{}", entry.key, path,
                   did_you_mean(entry.key, kCropKeys));
    }
  }
}

void read_step(const YamlEntry& step, const KeyInfo& key, AugmentOptions& out,
               ProblemList& problems) {
  const std::string path = fmt::format("{}.{}", key.path, step.key);
  if (step.key == "hflip") {
    double share = 0;
    read_value(step.value, probability(path), share, problems);
    out.hflip = static_cast<float>(share);
  } else if (step.key == "crop") {
    read_crop(step.value, path, out, problems);
  } else if (step.key == "translate") {
    read_value(step.value, pixels(path), out.translate, problems);
  } else if (step.key == "cutout") {
    read_value(step.value, pixels(path), out.cutout, problems);
  } else {
    problems.add(step.key_place, "unknown augmentation '{}' under {}: expected {}{}", step.key,
                 key.path, join(kSteps), did_you_mean(step.key, kSteps));
  }
}

}  // namespace

void read_value(const YamlNode& node, const KeyInfo& key, AugmentOptions& field,
                ProblemList& problems) {
  const size_t before = problems.size();
  if (!node.is_list()) return add_mismatch(node, key, problems);
  AugmentOptions read;
  std::set<std::string> seen;
  for (const YamlNode& item : node.items) {
    if (!item.is_map() || item.entries.size() != 1) {
      add_mismatch(item, key, problems);
      continue;
    }
    const YamlEntry& step = item.entries[0];
    if (!seen.insert(step.key).second) {
      problems.add(step.key_place, "{}: '{}' is there twice", key.path, step.key);
    }
    read_step(step, key, read, problems);
  }
  if (problems.size() == before) field = read;
}

std::string write_value(const AugmentOptions& field, const KeyInfo&) {
  std::vector<std::string> steps;
  if (field.hflip > 0) steps.push_back(fmt::format("{{hflip: {}}}", shortest(field.hflip)));
  if (field.crop_padding > 0) {
    const std::string mode =
        field.padding_mode == "zero" ? "" : ", padding_mode: " + field.padding_mode;
    steps.push_back(fmt::format("{{crop: {{padding: {}{}}}}}", field.crop_padding, mode));
  }
  if (field.translate > 0) steps.push_back(fmt::format("{{translate: {}}}", field.translate));
  if (field.cutout > 0) steps.push_back(fmt::format("{{cutout: {}}}", field.cutout));
  return fmt::format("[{}]", join(steps));
}

}  // namespace weir
