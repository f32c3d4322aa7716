// A small VGG for 32x32 images, after Simonyan, Zisserman, ICLR 2015.
#pragma once

#include "layers/sequential.h"
#include "models/model_options.h"

namespace weir {

// features: three stages of two 3x3 convolutions (64, 128, 256), each followed by a 2x2 pooling;
// the last one only with last_pool. classifier: head "gap" (default): global average, linear;
// "gmp": global maximum, linear; "dense": flatten, head_width, linear. With head_convs, the global
// ones begin with 3x3 convolutions. Parameters for 3x32x32 and 10 classes: gap and gmp 1,147,978,
// each of head_convs 590,080 more; dense 512: 3,248,202; 4096: 17,967,690, and without the last
// pooling 68,299,338. Default: downsample max_pool, act relu. dropout acts in the classifier,
// before the last layer.
Sequential vgg_mini(const ModelOptions& options);

}  // namespace weir
