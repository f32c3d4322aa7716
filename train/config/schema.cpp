// JSON Schema of a configuration, from the key table.
#include <cmath>

#include <nlohmann/json.hpp>

#include "train/config/key_search.h"
#include "train/config/reference.h"

namespace weir {
namespace {

using Json = nlohmann::ordered_json;

Json bounded(const char* type, const NumberRange& range) {
  Json json = {{"type", type}};
  if (std::isfinite(range.min)) json[range.min_open ? "exclusiveMinimum" : "minimum"] = range.min;
  if (std::isfinite(range.max)) json[range.max_open ? "exclusiveMaximum" : "maximum"] = range.max;
  return json;
}

Json list_of(Json item, size_t count) {
  Json json = {{"type", "array"}, {"items", std::move(item)}};
  if (count != 0) json["minItems"] = json["maxItems"] = count;
  return json;
}

Json text_schema(const KeyRules& rules) {
  Json json = {{"type", "string"}};
  if (!rules.choices.empty()) json["enum"] = rules.choices;
  return json;
}

Json type_schema(const KeyInfo& key) {
  const Json layer = {{"type", {"string", "object"}}};
  switch (key.type) {
    case KeyType::kBool:
      return {{"type", "boolean"}};
    case KeyType::kInteger:
      return bounded("integer", key.rules.range);
    case KeyType::kNumber:
      return bounded("number", key.rules.range);
    case KeyType::kText:
      return text_schema(key.rules);
    case KeyType::kIntegers:
      return list_of(bounded("integer", key.rules.range), key.rules.count);
    case KeyType::kNumbers:
      return list_of(bounded("number", key.rules.range), key.rules.count);
    case KeyType::kTexts:
      return {{"anyOf", {text_schema(key.rules), list_of(text_schema(key.rules), 0)}}};
    case KeyType::kGroups:
      return list_of({{"type", "object"}, {"required", {"match"}}}, 0);
    case KeyType::kAugment:
      return list_of({{"type", "object"}, {"minProperties", 1}, {"maxProperties", 1}}, 0);
    case KeyType::kLayers:
      return list_of(layer, 0);
    case KeyType::kHead:
      return {{"anyOf", {text_schema(key.rules), list_of(layer, 0)}}};
    case KeyType::kExpectation:
      return {{"type", "string"}, {"pattern", "^ *[<>]=? *[0-9.eE+-]+$"}};
  }
  return {};
}

Json key_schema(const Key& key) {
  Json json = type_schema(key);
  if (key.nullable) {
    Json choices = Json::array({json, {{"type", "null"}}});
    if (!key.rules.none.empty()) choices.push_back({{"const", key.rules.none}});
    json = {{"anyOf", choices}};
  }
  json["description"] = key.help;
  return json;
}

Json object() {
  return {{"type", "object"}, {"properties", Json::object()}, {"additionalProperties", false}};
}

}  // namespace

std::string config_schema() {
  Json root = {{"$schema", "http://json-schema.org/draft-07/schema#"},
               {"title", "Weir configuration"}};
  root.update(object());
  const Json file = {{"type", "string"}};
  root["properties"]["extends"] = {{"anyOf", Json::array({file, list_of(file, 0)})},
                                   {"description", "files that this one builds on"}};
  // Sections come before the keys in them: each is in the table as the start of its keys' paths.
  for (const Key& key : config_keys()) {
    Json* at = &root["properties"];
    size_t start = 0;
    for (size_t dot = key.path.find('.'); dot != std::string::npos;
         dot = key.path.find('.', start)) {
      Json& section = (*at)[key.path.substr(start, dot - start)];
      if (section.is_null()) section = object();
      at = &section["properties"];
      start = dot + 1;
    }
    (*at)[key.path.substr(start)] = key_schema(key);
  }
  return root.dump(2) + '\n';
}

}  // namespace weir
