#include "explain/report/seen_picture.h"

#include <algorithm>
#include <utility>

#include "datasets/image_planes.h"
#include "explain/pictures/panel.h"
#include "train/metrics/scores.h"

namespace weir {
namespace {

constexpr int kMostShown = 512;

bool is_large(const Picture& picture) {
  return std::max(picture.width, picture.height) > kMostShown;
}

}  // namespace

int SeenPicture::predicted() const { return top_classes(probabilities, 1).front(); }

SeenPicture see_picture(const TrainedModel& model, const std::string& name, const Picture& picture,
                        std::optional<int> label) {
  return {.name = name,
          .shown = is_large(picture) ? fitted(picture, kMostShown) : picture,
          .input = picture_of(fit_pictures(model, {&picture, 1}), 0),
          .label = label,
          .probabilities = {}};
}

Images inputs_of(const std::vector<SeenPicture>& pictures) {
  Images images;
  for (const SeenPicture& seen : pictures) {
    images.channels = seen.input.channels;
    images.height = seen.input.height;
    images.width = seen.input.width;
    append_picture(seen.input, seen.label.value_or(0), images);
  }
  return images;
}

void look_at(TrainedModel& model, std::vector<SeenPicture>& pictures) {
  std::vector<std::vector<float>> rows = predict(model, inputs_of(pictures));
  for (size_t i = 0; i < rows.size(); ++i) pictures[i].probabilities = std::move(rows[i]);
}

void put_failures_first(std::vector<SeenPicture>& pictures) {
  const auto sureness = [](const SeenPicture& seen) {
    return seen.probabilities[static_cast<size_t>(seen.predicted())];
  };
  const auto end = std::stable_partition(pictures.begin(), pictures.end(),
                                         [](const auto& seen) { return seen.is_failure(); });
  std::stable_sort(pictures.begin(), end, [&](const SeenPicture& a, const SeenPicture& b) {
    return sureness(a) > sureness(b);
  });
}

}  // namespace weir
