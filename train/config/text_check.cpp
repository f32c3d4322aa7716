#include "train/config/text_check.h"

#include <cstdint>

namespace weir {
namespace {

// One character of UTF-8. size 0: the bytes at this place are none.
struct Character {
  uint32_t code = 0;
  size_t size = 0;
};

bool is_continuation(char c) { return (static_cast<uint8_t>(c) & 0xC0) == 0x80; }

// RFC 3629: shortest form only, no surrogates, nothing above U+10FFFF.
Character decode(std::string_view text) {
  const auto lead = static_cast<uint8_t>(text[0]);
  if (lead < 0x80) return {lead, 1};
  const size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
  uint32_t code = lead & (0xFFu >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    if (!is_continuation(text[i])) return {};
    code = code << 6 | (static_cast<uint8_t>(text[i]) & 0x3Fu);
  }
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (overlong || surrogate || code > 0x10FFFF) return {};
  return {code, size};
}

bool is_control(uint32_t code) {
  return (code < 0x20 && code != '\n' && code != '\r' && code != '\t') || code == 0x7F;
}

bool starts_with_content(std::string_view rest) {
  const size_t at = rest.find_first_not_of(" \t\r");
  return at != std::string_view::npos && rest[at] != '\n' && rest[at] != '#';
}

}  // namespace

void check_text(std::string_view text, const std::string& source, ProblemList& problems) {
  Place place{source, 1, 1};
  bool indenting = true, tab_seen = false;
  while (!text.empty()) {
    const Character c = decode(text);
    if (c.size == 0) {
      problems.add(place, "byte 0x{:02X} is not UTF-8; save the file as UTF-8",
                   static_cast<uint8_t>(text[0]));
      return;
    }
    if (is_control(c.code)) {
      problems.add(place, "control character 0x{:02X} in a text file", c.code);
      return;
    }
    if (c.code == '\t' && indenting && !tab_seen && starts_with_content(text)) {
      problems.add(place, "tab used for indentation; YAML needs spaces");
      tab_seen = true;
    }
    indenting = c.code == '\n' || (indenting && (c.code == ' ' || c.code == '\t'));
    if (c.code == '\n') {
      ++place.line;
      place.column = 1;
    } else {
      ++place.column;
    }
    text.remove_prefix(c.size);
  }
}

}  // namespace weir
