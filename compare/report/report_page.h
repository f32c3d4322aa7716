// report.html: one file that shows a comparison and asks for nothing from anywhere (web/README.md).
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace weir {

// `comparison` as compare.json has it. Equal numbers give equal bytes.
std::string report_page(const nlohmann::ordered_json& comparison);

// web/dist/report.html, which is built into the library; the numbers go where it says {{data}}.
extern const std::string_view kReportTemplate;

}  // namespace weir
