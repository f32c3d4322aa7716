#include "train/checkpoint/weights_file.h"

#include <map>

#include <nlohmann/json.hpp>

#include "core/base/digest.h"
#include "core/base/error.h"
#include "core/base/file.h"

namespace weir {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kFormat = "1";
const std::string kNormalizer = "normalizer.";
// Means and standard deviations of channels go into the metadata, whitening does not.
constexpr int64_t kSmall = 64;

// A class folder's name may be any bytes; JSON is UTF-8.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json normalization_json(const Normalizer& normalizer) {
  Json tensors = Json::object();
  for (const auto& [name, tensor] : normalizer.tensors()) {
    if (tensor.numel() > kSmall) continue;
    tensors[name] = std::vector<float>(tensor.data(), tensor.data() + tensor.numel());
  }
  return {{"settings", normalizer.settings()}, {"tensors", tensors}};
}

Normalizer restore_normalizer(const Json& json, const SafeTensors& file) {
  std::map<std::string, Tensor> tensors;
  for (const auto& [name, values] : json.at("tensors").items()) {
    auto floats = values.get<std::vector<float>>();
    const auto count = static_cast<int64_t>(floats.size());
    tensors[name] = Tensor::from(std::move(floats), {count});
  }
  for (const NamedTensor& named : file.tensors) {
    if (named.name.starts_with(kNormalizer)) {
      tensors[named.name.substr(kNormalizer.size())] = named.tensor;
    }
  }
  return Normalizer::restore(tensors,
                             json.at("settings").get<std::map<std::string, std::string>>());
}

std::vector<NamedTensor> network_part(const SafeTensors& file) {
  std::vector<NamedTensor> tensors;
  for (const NamedTensor& named : file.tensors) {
    if (!named.name.starts_with(kNormalizer)) tensors.push_back(named);
  }
  return tensors;
}

LoadedWeights parse_weights(const SafeTensors& file) {
  const auto text = [&](const char* key) { return file.metadata.at(key); };
  const auto json = [&](const char* key) { return Json::parse(text(key)); };
  const Json dataset = json("dataset");
  const auto input = json("input").get<std::vector<int>>();
  if (input.size() != 3) fail(ErrorKind::kData, "input needs 3 sizes, found {}", input.size());
  return {.card = {.config = text("config"),
                   .classes = json("classes").get<std::vector<std::string>>(),
                   .dataset_id = dataset.at("id"),
                   .dataset_sha256 = dataset.at("sha256"),
                   .dataset_source = dataset.at("source"),
                   .channels = input[0],
                   .height = input[1],
                   .width = input[2],
                   .normalizer = restore_normalizer(json("normalization"), file)},
          .network = network_part(file),
          .epoch = json("epoch").get<int>()};
}

}  // namespace

SafeTensors weights_content(const ModelCard& card, const std::vector<NamedTensor>& network,
                            int epoch) {
  SafeTensors file{.tensors = network};
  for (const auto& [name, tensor] : card.normalizer.tensors()) {
    if (tensor.numel() > kSmall) file.tensors.push_back({kNormalizer + name, tensor});
  }
  file.metadata = {{"weir_format", std::string(kFormat)},
                   {"config", card.config},
                   {"classes", dump(card.classes)},
                   {"dataset", dump({{"id", card.dataset_id},
                                     {"sha256", card.dataset_sha256},
                                     {"source", card.dataset_source}})},
                   {"input", dump({card.channels, card.height, card.width})},
                   {"normalization", dump(normalization_json(card.normalizer))},
                   {"epoch", std::to_string(epoch)}};
  return file;
}

LoadedWeights read_weights(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  const SafeTensors file = parse_safetensors(bytes, path.string());
  const auto format = file.metadata.find("weir_format");
  if (format == file.metadata.end()) {
    fail(ErrorKind::kData,
         "{} holds tensors but no configuration: expected a file that `weir train` wrote",
         path.string());
  }
  if (format->second != kFormat) {
    fail(ErrorKind::kData, "{} has format {}, this program reads format {}: use a newer weir",
         path.string(), format->second, kFormat);
  }
  try {
    LoadedWeights weights = parse_weights(file);
    weights.sha256 = sha256_hex(bytes);
    return weights;
  } catch (const Json::exception& error) {
    fail(ErrorKind::kData, "{}: damaged metadata: {}", path.string(), error.what());
  } catch (const std::out_of_range&) {
    fail(ErrorKind::kData, "{}: incomplete metadata", path.string());
  } catch (const Error& error) {
    fail(ErrorKind::kData, "{}: {}", path.string(), error.what());
  }
}

}  // namespace weir
