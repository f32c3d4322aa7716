// All layers.
#pragma once

#include "layers/activation.h"
#include "layers/adaptive_max_pool2d.h"
#include "layers/batch_norm2d.h"
#include "layers/conv2d.h"
#include "layers/dropout.h"
#include "layers/flatten.h"
#include "layers/fractional_max_pool2d.h"
#include "layers/init.h"
#include "layers/linear.h"
#include "layers/max_unpool2d.h"
#include "layers/pixel_shuffle.h"
#include "layers/pool2d.h"
#include "layers/reflection_pad2d.h"
#include "layers/sequential.h"
#include "layers/spatial_pyramid_pool2d.h"
#include "layers/state.h"
