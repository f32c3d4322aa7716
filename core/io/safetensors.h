// safetensors: named tensors in one file that nobody has to trust.
//
//   u64 little-endian   length of the header, at most 100 MB
//   header              JSON {"name": {"dtype", "shape", "data_offsets": [begin, end]}, ...,
//                       "__metadata__": {"key": "text"}}, padded with spaces to 8 bytes
//   data                the tensors one after the other: no holes, no overlap
//
// https://github.com/huggingface/safetensors describes the format.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/tensor/tensor.h"

namespace weir {

struct NamedTensor {
  std::string name;
  Tensor tensor;  // plain layout: F32, BF16, I32, I64 or U8
};

struct SafeTensors {
  std::vector<NamedTensor> tensors;
  std::map<std::string, std::string> metadata;

  // Null when there is none of that name.
  const Tensor* find(std::string_view name) const;
  // Throws kData with the nearest name when there is none.
  const Tensor& at(std::string_view name) const;
};

// Reads hostile bytes: every offset, length and number is checked before it is used. `origin` names
// the file in errors. Throws kData with the name of the tensor at fault. Tensors come in the order
// of their data.
SafeTensors parse_safetensors(std::string_view bytes, std::string_view origin);
SafeTensors read_safetensors(const std::filesystem::path& path);

// Wider elements come first, so that every tensor is aligned in the file; else the order is kept.
// Throws kUsage for image-block tensors and for names that repeat.
std::string format_safetensors(const SafeTensors& content);
// Atomic, see core/base/file.h.
void write_safetensors(const std::filesystem::path& path, const SafeTensors& content);

}  // namespace weir
