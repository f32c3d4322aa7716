#include "core/io/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <set>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/names.h"

namespace weir {
namespace {

// Sorted by name: the lookup of nlohmann's ordered_json is linear, and a hostile header holds
// millions of names.
using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

constexpr uint64_t kLengthBytes = sizeof(uint64_t);
constexpr uint64_t kMaxHeader = 100'000'000;
constexpr std::string_view kMetadata = "__metadata__";
constexpr DType kTypes[] = {DType::kF32, DType::kBF16, DType::kI32, DType::kI64, DType::kU8};

// One tensor as the header describes it.
struct Entry {
  std::string name;
  DType dtype = DType::kF32;
  Shape shape;
  uint64_t begin = 0, end = 0;
};

// Says which file and which tensor are at fault.
class Reader {
 public:
  Reader(std::string_view bytes, std::string_view origin) : bytes_(bytes), origin_(origin) {}

  SafeTensors read() {
    const Json header = parse_header();
    SafeTensors content;
    std::vector<Entry> entries;
    for (const auto& [name, value] : header.items()) {
      if (name == kMetadata) {
        content.metadata = parse_metadata(value);
      } else {
        entries.push_back(parse_entry(name, value));
      }
    }
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
      return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    });
    check_contiguous(entries);
    for (const Entry& entry : entries) content.tensors.push_back(load(entry));
    return content;
  }

 private:
  template <class... Args>
  [[noreturn]] void refuse(fmt::format_string<Args...> format, Args&&... args) const {
    fail(ErrorKind::kData, "{}: not a valid safetensors file: {}", origin_,
         fmt::format(format, std::forward<Args>(args)...));
  }

  Json parse_header() {
    if (bytes_.size() < kLengthBytes) refuse("{} bytes are too few", bytes_.size());
    uint64_t length = 0;
    std::memcpy(&length, bytes_.data(), kLengthBytes);
    if (length > kMaxHeader) refuse("a header of {} bytes, at most {} allowed", length, kMaxHeader);
    if (length > bytes_.size() - kLengthBytes) {
      refuse("the header claims {} bytes, the file has {} left: truncated?", length,
             bytes_.size() - kLengthBytes);
    }
    const std::string_view text = bytes_.substr(kLengthBytes, length);
    data_ = bytes_.substr(kLengthBytes + length);
    if (text.empty() || text.front() != '{') refuse("the header does not begin with '{{'");
    return parse_json(text);
  }

  // nlohmann keeps the last of repeated keys in silence and nests without bound: both are refused.
  Json parse_json(std::string_view text) const {
    constexpr int kDeepest = 2;  // {"name": {"shape": [..
    std::set<std::string> names;
    const auto check = [&](int depth, Json::parse_event_t event, Json& parsed) {
      if (depth > kDeepest && (event == Json::parse_event_t::object_start ||
                               event == Json::parse_event_t::array_start)) {
        refuse("the header nests deeper than {} levels", kDeepest);
      }
      if (depth == 1 && event == Json::parse_event_t::key &&
          !names.insert(parsed.get<std::string>()).second) {
        refuse("tensor '{}' appears twice", parsed.get<std::string>());
      }
      return true;
    };
    try {
      return Json::parse(text, check);
    } catch (const Json::exception& error) {
      refuse("bad JSON in the header: {}", error.what());
    }
  }

  std::map<std::string, std::string> parse_metadata(const Json& value) const {
    if (!value.is_object()) refuse("{} is not a map", kMetadata);
    std::map<std::string, std::string> metadata;
    for (const auto& [key, text] : value.items()) {
      if (!text.is_string()) refuse("{}: the value of '{}' is not a string", kMetadata, key);
      metadata[key] = text.get<std::string>();
    }
    return metadata;
  }

  Entry parse_entry(const std::string& name, const Json& value) const {
    constexpr size_t kFields = 3;
    if (!value.is_object() || value.size() != kFields || !value.contains("dtype") ||
        !value.contains("shape") || !value.contains("data_offsets")) {
      refuse("tensor '{}' must have dtype, shape and data_offsets, and nothing else", name);
    }
    Entry entry{.name = name, .dtype = parse_dtype(name, value["dtype"])};
    entry.shape = parse_shape(name, value["shape"]);
    const std::vector<uint64_t> offsets =
        parse_numbers(name, "data_offsets", value["data_offsets"]);
    if (offsets.size() != 2 || offsets[0] > offsets[1]) {
      refuse("tensor '{}': data_offsets must be [begin, end] with begin <= end", name);
    }
    entry.begin = offsets[0];
    entry.end = offsets[1];
    const uint64_t expected = static_cast<uint64_t>(entry.shape.numel()) * size_of(entry.dtype);
    if (entry.end - entry.begin != expected) {
      refuse("tensor '{}': {} of shape {} takes {} bytes, its data_offsets span {}", name,
             name_of(entry.dtype), entry.shape.str(), expected, entry.end - entry.begin);
    }
    return entry;
  }

  DType parse_dtype(const std::string& name, const Json& value) const {
    if (!value.is_string()) refuse("tensor '{}': dtype is not a string", name);
    const auto text = value.get<std::string>();
    for (const DType type : kTypes) {
      if (text == name_of(type)) return type;
    }
    refuse("tensor '{}' has dtype {}; F32, BF16, I32, I64 and U8 are read here", name, text);
  }

  Shape parse_shape(const std::string& name, const Json& value) const {
    const std::vector<uint64_t> sizes = parse_numbers(name, "shape", value);
    // Large enough for every real tensor, small enough that numel * 8 bytes cannot overflow.
    constexpr uint64_t kMostElements = uint64_t{1} << 40;
    uint64_t numel = 1;
    bool fits = true;
    for (const uint64_t size : sizes) {
      fits = fits && size <= kMostElements && !__builtin_mul_overflow(numel, size, &numel) &&
             numel <= kMostElements;
    }
    if (!fits) refuse("tensor '{}': its shape overflows", name);
    const auto at = [&](size_t i) { return static_cast<int64_t>(sizes[i]); };
    switch (sizes.size()) {
      case 0:
        return {};
      case 1:
        return {at(0)};
      case 2:
        return {at(0), at(1)};
      case 3:
        return {at(0), at(1), at(2)};
      case 4:
        return {at(0), at(1), at(2), at(3)};
      default:
        refuse("tensor '{}' has {} dimensions; at most 4 are read", name, sizes.size());
    }
  }

  std::vector<uint64_t> parse_numbers(const std::string& name, std::string_view field,
                                      const Json& value) const {
    if (!value.is_array()) refuse("tensor '{}': {} is not a list", name, field);
    std::vector<uint64_t> numbers;
    for (const Json& number : value) {
      if (!number.is_number_unsigned()) {
        refuse("tensor '{}': {} holds something else than non-negative integers", name, field);
      }
      numbers.push_back(number.get<uint64_t>());
    }
    return numbers;
  }

  void check_contiguous(const std::vector<Entry>& entries) const {
    uint64_t position = 0;
    for (const Entry& entry : entries) {
      if (entry.end > data_.size()) {
        refuse("tensor '{}' ends at byte {} of the data, which has {}: truncated?", entry.name,
               entry.end, data_.size());
      }
      if (entry.begin != position) {
        refuse("tensor '{}' begins at byte {} of the data, {} expected: {}", entry.name,
               entry.begin, position, entry.begin < position ? "it overlaps another" : "a hole");
      }
      position = entry.end;
    }
    if (position != data_.size()) {
      refuse("{} bytes of data belong to no tensor", data_.size() - position);
    }
  }

  NamedTensor load(const Entry& entry) const {
    Tensor tensor = Tensor::empty(entry.shape, entry.dtype);
    if (entry.end > entry.begin) {
      std::memcpy(tensor.data<std::byte>(), data_.data() + entry.begin, entry.end - entry.begin);
    }
    return {entry.name, std::move(tensor)};
  }

  std::string_view bytes_, origin_, data_;
};

std::vector<const NamedTensor*> in_file_order(const SafeTensors& content) {
  std::set<std::string_view> names;
  std::vector<const NamedTensor*> order;
  for (const NamedTensor& named : content.tensors) {
    require(named.name != kMetadata && names.insert(named.name).second,
            "safetensors: the name '{}' is taken", named.name);
    require(!named.tensor.is_images(), "safetensors: '{}' is in image blocks", named.name);
    order.push_back(&named);
  }
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return size_of(a->tensor.dtype()) > size_of(b->tensor.dtype());
  });
  return order;
}

OrderedJson describe(const Tensor& tensor, uint64_t begin) {
  OrderedJson shape = OrderedJson::array();
  for (int axis = 0; axis < tensor.shape().rank(); ++axis) shape.push_back(tensor.shape()[axis]);
  return {{"dtype", name_of(tensor.dtype())},
          {"shape", shape},
          {"data_offsets", {begin, begin + tensor.bytes()}}};
}

}  // namespace

const Tensor* SafeTensors::find(std::string_view name) const {
  for (const NamedTensor& named : tensors) {
    if (named.name == name) return &named.tensor;
  }
  return nullptr;
}

const Tensor& SafeTensors::at(std::string_view name) const {
  if (const Tensor* found = find(name)) return *found;
  std::vector<std::string> names;
  for (const NamedTensor& named : tensors) names.push_back(named.name);
  fail(ErrorKind::kData, "the file has no tensor '{}'{}", name, did_you_mean(name, names));
}

SafeTensors parse_safetensors(std::string_view bytes, std::string_view origin) {
  return Reader(bytes, origin).read();
}

SafeTensors read_safetensors(const std::filesystem::path& path) {
  return parse_safetensors(read_file(path), path.string());
}

std::string format_safetensors(const SafeTensors& content) {
  const std::vector<const NamedTensor*> order = in_file_order(content);
  OrderedJson header = OrderedJson::object();
  if (!content.metadata.empty()) header[std::string(kMetadata)] = content.metadata;
  uint64_t size = 0;
  for (const NamedTensor* named : order) {
    header[named->name] = describe(named->tensor, size);
    size += named->tensor.bytes();
  }
  // A class folder's name may be any bytes; JSON is UTF-8.
  std::string text = header.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
  text.resize((text.size() + kLengthBytes - 1) / kLengthBytes * kLengthBytes, ' ');
  const uint64_t length = text.size();
  std::string bytes(kLengthBytes, '\0');
  std::memcpy(bytes.data(), &length, kLengthBytes);
  bytes.reserve(kLengthBytes + length + size);
  bytes += text;
  for (const NamedTensor* named : order) {
    bytes.append(reinterpret_cast<const char*>(named->tensor.data<std::byte>()),
                 named->tensor.bytes());
  }
  return bytes;
}

void write_safetensors(const std::filesystem::path& path, const SafeTensors& content) {
  write_file_atomic(path, format_safetensors(content));
}

}  // namespace weir
