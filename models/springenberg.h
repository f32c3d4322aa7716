// The nets of Springenberg, Dosovitskiy, Brox, Riedmiller, "Striving for simplicity: the all
// convolutional net", ICLR 2015 workshop (arXiv:1412.6806), tables 1 and 2.
#pragma once

#include "layers/sequential.h"
#include "models/model_options.h"

namespace weir {

// Bases for 32x32 images, pool = 3x3 with stride 2 and padding 1:
//   A: 5x5 96        | pool | 5x5 192          | pool | head
//   B: 5x5 96, 1x1   | pool | 5x5 192, 1x1     | pool | head
//   C: 3x3 96, 3x3   | pool | 3x3 192, 3x3     | pool | head
//   head: 3x3 192 without padding (8x8 -> 6x6), 1x1 192, 1x1 classes, global average
// downsample: max_pool is the base model, strided Strided-CNN, conv_pool ConvPool-CNN, all_conv
// All-CNN (the default here). ReLU follows every convolution, the class maps included.
// dropout acts after each pooling or what replaces it; the paper uses 0.5, and input_dropout 0.2.
// Deviation: with batch_norm the class maps have neither batch norm nor activation. A ReLU there
// can die, after which all scores are 0 and no gradient flows.
// The paper's table 3 says 1.3 M parameters for base C; its own table 1 gives 954,730.
Sequential springenberg(const ModelOptions& options);

}  // namespace weir
