#include "core/runtime/threads.h"

#include <charconv>
#include <cstdlib>
#include <string_view>

#include "core/base/error.h"
#include "core/runtime/cpu.h"

namespace weir {

int default_threads() {
  const char* text = std::getenv("WEIR_THREADS");
  if (!text || !*text) return usable_cores();
  const std::string_view word(text);
  int count = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), count);
  require(error == std::errc() && end == word.data() + word.size() && count >= 1 && count <= 1024,
          "WEIR_THREADS: expected a number from 1 to 1024, found '{}'", word);
  return count;
}

}  // namespace weir
