// Reads the arguments of one entry of a layer list, and collects what is wrong with them.
#pragma once

#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "layers/pair.h"
#include "models/model_options.h"

namespace weir {

class SpecReader {
 public:
  // Above any sensible layer, and small enough that sizes computed from it fit an int.
  static constexpr int kLargest = 1 << 15;

  // `bare` is the argument that a bare value means ({linear: 512}), or "". `where` and the places
  // of the spec start the messages, which are appended to `errors`.
  SpecReader(const LayerSpec& spec, std::string bare, std::string where, int num_classes,
             std::vector<std::string>& errors);

  // Each returns `fallback` for an argument that is absent (an error when there is no fallback) or
  // wrong (an error). Errors leave a value that is safe to build with.
  int integer(const std::string& name, int least, std::optional<int> fallback = std::nullopt,
              int most = kLargest);
  // As integer(); the word num_classes stands for the number of classes.
  int count(const std::string& name);
  // One number or [height, width].
  Pair pair(const std::string& name, int least, std::optional<Pair> fallback = std::nullopt);
  // One number or [height, width]; none when absent.
  std::optional<std::array<double, 2>> numbers(const std::string& name);
  // A name. Always asked for: "" only after an error.
  std::string word(const std::string& name);
  // The position in `words`; absent means the first.
  size_t choice(const std::string& name, const std::vector<std::string>& words);
  // As many whole numbers as the list holds; a bare number is a list of one.
  std::vector<int> integers(const std::string& name, int least,
                            std::optional<std::vector<int>> fallback = std::nullopt);
  float number(const std::string& name, float fallback);
  bool flag(const std::string& name, bool fallback);

  // After the last argument: reports arguments that nothing asked for.
  void finish();

 private:
  const SpecValue* find(const std::string& name) const;
  // The argument, or null after reporting that it is missing.
  const SpecValue* ask(const std::string& name, bool required);
  std::optional<int> parse_integer(const std::string& name, const std::string& text, int least,
                                   int most, const std::string& place);
  void report(const std::string& place, const std::string& message);

  const LayerSpec& spec_;
  std::string bare_, where_;
  int num_classes_;
  std::vector<std::string>& errors_;
  std::set<std::string> asked_;
};

// "place: error: where: message", or "where: message" without a place.
std::string located(const std::string& place, std::string_view where, std::string_view message);

}  // namespace weir
