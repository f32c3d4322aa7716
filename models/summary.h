// What a network costs, layer by layer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/model.h"
#include "models/receptive_field.h"

namespace weir {

struct SummaryRow {
  std::string path;     // "features.3"
  std::string kind;     // "Conv2d"
  std::string options;  // as PyTorch prints them
  Window2d window;      // that slides over the input; 1x1 where a pixel is looked at alone
  FeatureShape output;
  // The master formula with its numbers for height and width; empty where no window slides.
  std::vector<std::string> formulas;
  int64_t params = 0;
  int64_t macs = 0;              // multiply-adds for one image: convolutions and linear layers
  int64_t activation_bytes = 0;  // of the output for one image in fp32; 0 when it is a view
  Field2d field;                 // of one output value, in pixels of the input image
};

struct Summary {
  std::string model;
  FeatureShape input;
  std::vector<SummaryRow> rows;
  int64_t params = 0, macs = 0, activation_bytes = 0;  // sums over the rows
  // Of the last map that keeps rows and columns: what the head gets to see.
  Field2d field;
};

Summary summarize(const Model& model);

// Rough peak memory, in bytes.
struct MemoryEstimate {
  // Parameters, their gradients and the optimizer's slots; every activation, as backward reads
  // them; the gradients of the two largest neighbours; two batches of input, one being assembled.
  int64_t training = 0;
  // Parameters and the two largest neighbouring activations.
  int64_t inference = 0;
};
// `optimizer_slots`: tensors as large as the parameters that the optimizer keeps; SGD with momentum
// 1, AdamW 2. Batches occupy whole image blocks.
MemoryEstimate estimate_memory(const Summary& summary, int batch_size, int optimizer_slots = 1);

}  // namespace weir
