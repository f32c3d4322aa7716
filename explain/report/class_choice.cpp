#include "explain/report/class_choice.h"

#include <algorithm>
#include <charconv>

#include "core/base/error.h"
#include "core/base/names.h"
#include "train/metrics/scores.h"

namespace weir {
namespace {

std::optional<int> whole_number(const std::string& text) {
  int number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return number;
}

}  // namespace

ClassChoice parse_class_choice(const std::string& text, const std::vector<std::string>& classes) {
  using Kind = ClassChoice::Kind;
  const auto named = std::find(classes.begin(), classes.end(), text);
  if (named != classes.end()) {
    return {.kind = Kind::kOne, .value = static_cast<int>(named - classes.begin())};
  }
  if (text == "predicted") return {.kind = Kind::kPredicted};
  if (text == "true") return {.kind = Kind::kTrue};
  if (const std::optional<int> number = whole_number(text)) {
    require(*number >= 0 && *number < std::ssize(classes),
            "there is no class {}: they are 0 to {}, {}", *number, classes.size() - 1,
            join(classes));
    return {.kind = Kind::kOne, .value = *number};
  }
  std::vector<std::string> known = classes;
  known.insert(known.end(), {"predicted", "true"});
  fail(ErrorKind::kUsage, "there is no class '{}'{}; known: {}, or a number", text,
       did_you_mean(text, known), join(known));
}

std::vector<int> chosen_classes(const ClassChoice& choice, const SeenPicture& seen) {
  using Kind = ClassChoice::Kind;
  switch (choice.kind) {
    case Kind::kPredicted:
      return {seen.predicted()};
    case Kind::kTrue:
      require(seen.label.has_value(),
              "the true class of {} is not known; name a class, or take pictures with --split",
              seen.name);
      return {*seen.label};
    case Kind::kOne:
      return {choice.value};
    case Kind::kTop:
      break;
  }
  const int most = static_cast<int>(seen.probabilities.size());
  return top_classes(seen.probabilities, std::min(choice.value, most));
}

}  // namespace weir
