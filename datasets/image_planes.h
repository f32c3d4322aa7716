// Between pictures, whose pixels are interleaved, and sets of images, which hold planes.
#pragma once

#include "datasets/dataset.h"
#include "datasets/image_io.h"

namespace weir {

// One image of the set, with its channels.
Picture picture_of(const Images& images, int index);

// Grey as three equal channels; other pictures as they are.
Picture as_rgb(const Picture& picture);

// Adds the picture to the set, which has its size and channels, with that label.
void append_picture(const Picture& picture, int label, Images& images);

}  // namespace weir
