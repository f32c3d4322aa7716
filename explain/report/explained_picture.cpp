#include "explain/report/explained_picture.h"

#include <utility>

namespace weir {

std::vector<ExplainedPicture> explain_pictures(TrainedModel& model,
                                               const std::vector<SeenPicture>& pictures,
                                               const ClassChoice& choice,
                                               const ExplainOptions& options) {
  std::vector<int> which, classes;
  for (size_t i = 0; i < pictures.size(); ++i) {
    for (const int label : chosen_classes(choice, pictures[i])) {
      which.push_back(static_cast<int>(i));
      classes.push_back(label);
    }
  }
  std::vector<Explanation> found =
      explain(model, subset(inputs_of(pictures), which), classes, options);
  std::vector<ExplainedPicture> explained;
  for (size_t i = 0; i < found.size(); ++i) {
    explained.push_back({.seen = pictures[static_cast<size_t>(which[i])],
                         .explained = classes[i],
                         .explanation = std::move(found[i])});
  }
  return explained;
}

}  // namespace weir
