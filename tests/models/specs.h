// Entries of layer lists, as the configuration would pass them.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "models/model_options.h"

namespace weir::testing {

inline SpecValue scalar(std::string text, std::string place = "") {
  return {.text = std::move(text), .items = {}, .is_list = false, .place = std::move(place)};
}

inline SpecValue list(std::vector<std::string> items) {
  return {.text = "", .items = std::move(items), .is_list = true, .place = ""};
}

inline LayerSpec entry(std::string kind,
                       std::initializer_list<std::pair<const std::string, SpecValue>> args = {}) {
  LayerSpec spec;
  spec.kind = std::move(kind);
  spec.args = args;
  return spec;
}

// {kind: value}
inline LayerSpec bare(std::string kind, std::string value) {
  return entry(std::move(kind), {{"", scalar(std::move(value))}});
}

// {conv2d: {out_channels: ..., kernel_size: 3, padding: 1}}
inline LayerSpec conv3(const std::string& channels) {
  return entry(
      "conv2d",
      {{"out_channels", scalar(channels)}, {"kernel_size", scalar("3")}, {"padding", scalar("1")}});
}

}  // namespace weir::testing
