#include "compare/report/report_page.h"

#include <nlohmann/json.hpp>

namespace weir {
namespace {

constexpr std::string_view kPlace = "{{data}}";

// No name in the data can end the block that it stands in: JSON has '<' in texts alone, and there
// it may be written so.
std::string without_tags(const std::string& json) {
  std::string text;
  for (const char c : json) c == '<' ? text += "\\u003c" : text += c;
  return text;
}

}  // namespace

std::string report_page(const nlohmann::ordered_json& comparison) {
  constexpr auto kReplace = nlohmann::ordered_json::error_handler_t::replace;
  const size_t place = kReportTemplate.find(kPlace);
  std::string page(kReportTemplate.substr(0, place));
  page += without_tags(comparison.dump(-1, ' ', false, kReplace));
  return page += kReportTemplate.substr(place + kPlace.size());
}

}  // namespace weir
