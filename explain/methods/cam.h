// Class activation maps. Zhou, Khosla, Lapedriza, Oliva, Torralba, "Learning deep features for
// discriminative localization", CVPR 2016 (arXiv:1512.04150).
//
// With f_k (y, x) the last maps, entering global average pooling, and w_ck the weights of the
// linear layer behind it, the map of class c is
//   M_c (y, x) = sum_k w_ck f_k (y, x)
// so that mean M_c + b_c is the logit of c. Where the maps are averaged without a linear layer, as
// in the nets of Springenberg et al., f_c is M_c. Behind global max pooling (the authors' GMP) the
// same sum is taken; there it is no part of the logit.
#pragma once

#include "explain/heat_map.h"
#include "layers/sequential.h"

namespace weir {

// images (N, C, H, W), normalised -> (N, K, h, w): the maps of all K classes, F32. Throws kUsage
// for a network without such a head (explain/methods/gap_head.h).
Tensor class_activation_maps(Sequential& network, const Tensor& images);

// One channel of one image.
HeatMap map_of(const Tensor& maps, int image, int channel);

}  // namespace weir
