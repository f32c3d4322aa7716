// Where in a picture a network sees what it says: class activation maps and their relatives.
//
//   TrainedModel model = load_trained_model("runs/vgg-mini/0001");
//   const Images pictures = fit_pictures(model, {{picture}});
//   const Explanation found = explain(model, pictures, {{3}}, {.method = "grad-cam"}).front();
//   write_png("why.png", draw_figure(picture, found));  // explain/pictures/figure.h
#pragma once

#include <span>
#include <vector>

#include "explain/method.h"

namespace weir {

// One explanation for each picture and its class. The pictures may be larger or smaller than the
// network's own where its head and its normalisation take that.
// Throws kUsage when the method cannot explain the network (with the methods that can), for an
// option that the method does not read, and for a class that does not exist.
std::vector<Explanation> explain(TrainedModel& model, const Images& pictures,
                                 std::span<const int> classes, const ExplainOptions& options);

}  // namespace weir
