#include "train/config/key.h"

#include <fmt/core.h>

#include "core/base/names.h"

namespace weir {
namespace {

std::string with_range(const std::string& noun, const NumberRange& range) {
  const std::string words = range.str();
  return words.empty() ? noun : fmt::format("{} {}", noun, words);
}

std::string list_of(const std::string& nouns, const KeyRules& rules) {
  const std::string length = rules.count == 0 ? "" : fmt::format("{} ", rules.count);
  return with_range(fmt::format("a list of {}{}", length, nouns), rules.range);
}

std::string text_words(const KeyRules& rules) {
  if (rules.choices.empty()) return "a text";
  return rules.choices.size() == 1 ? rules.choices.front()
                                   : fmt::format("one of {}", join(rules.choices));
}

std::string type_words(KeyType type, const KeyRules& rules) {
  switch (type) {
    case KeyType::kBool:
      return "true or false";
    case KeyType::kInteger:
      return with_range("an integer", rules.range);
    case KeyType::kNumber:
      return with_range("a number", rules.range);
    case KeyType::kText:
      return text_words(rules);
    case KeyType::kIntegers:
      return list_of("integers", rules);
    case KeyType::kNumbers:
      return list_of("numbers", rules);
    case KeyType::kTexts:
      return "a text or a list of texts";
    case KeyType::kGroups:
      return "a list of {match: PATTERN, lr_scale: F, weight_decay: W}";
    case KeyType::kAugment:
      return "a list of {hflip: P}, {crop: {padding: N}}, {translate: N}, {cutout: N}";
    case KeyType::kLayers:
      return "a list of layers";
    case KeyType::kHead:
      return fmt::format("a list of layers, or {}", text_words(rules));
    case KeyType::kExpectation:
      return "a relation and a number, such as \">=0.60\"";
  }
  return "";
}

}  // namespace

std::string KeyInfo::expected() const {
  const std::string words = type_words(type, rules);
  if (!nullable) return words;
  return fmt::format("{} or {}", words, rules.none.empty() ? "null" : rules.none);
}

}  // namespace weir
