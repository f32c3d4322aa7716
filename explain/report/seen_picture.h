// A picture, and what a network says of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "datasets/image_io.h"
#include "train/trained_model.h"

namespace weir {

struct SeenPicture {
  std::string name;                  // a file, or "test 42"
  Picture shown;                     // for people: as it was found, at most 512 pixels to a side
  Picture input;                     // as the network takes it
  std::optional<int> label;          // none: not known
  std::vector<float> probabilities;  // of each class, once it was looked at

  int predicted() const;
  bool is_failure() const { return label && *label != predicted(); }
};

// A picture of any size, resized for the network as in training. Throws as fit_pictures().
SeenPicture see_picture(const TrainedModel& model, const std::string& name, const Picture& picture,
                        std::optional<int> label = std::nullopt);

// What the network gets.
Images inputs_of(const std::vector<SeenPicture>& pictures);

// Fills in the probabilities.
void look_at(TrainedModel& model, std::vector<SeenPicture>& pictures);

// Wrong ones first, the surest in front; then the others in their order.
void put_failures_first(std::vector<SeenPicture>& pictures);

}  // namespace weir
