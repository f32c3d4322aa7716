#include "explain/explain.h"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "core/base/error.h"
#include "explain/methods/placed_layer.h"

namespace weir {
namespace {

constexpr int kBatch = 32;  // one image block; the gradients of a large picture need memory

void check(const TrainedModel& model, const Images& pictures, std::span<const int> classes,
           const ExplainMethod& method, const ExplainOptions& options) {
  require(std::ssize(classes) == pictures.count(),
          "explain: expected a class for each of {} pictures, found {}", pictures.count(),
          classes.size());
  const int count = static_cast<int>(model.card.classes.size());
  for (const int label : classes) {
    require(label >= 0 && label < count, "explain: there is no class {}; they are 0 to {}", label,
            count - 1);
  }
  require(options.layer.empty() || method.takes_layer,
          "{} looks at no layer of one's choice, found '{}'; grad-cam and deconvnet do",
          method.name, options.layer);
  placed_layers(*model.network,
                {.c = pictures.channels, .h = pictures.height, .w = pictures.width});
}

// The pictures first to last - 1.
std::vector<Explanation> explain_some(TrainedModel& model, const Images& pictures,
                                      std::span<const int> classes, const ExplainMethod& method,
                                      const ExplainOptions& options) {
  const std::unique_ptr<NormalizedImages> normalized = model.card.normalizer.apply(pictures);
  Loader loader(*normalized, {.batch_size = kBatch});
  Batch batch;
  loader.start_epoch(0);
  loader.next(batch);
  return method.explain(
      {.model = model, .pictures = pictures, .normalized = batch.images, .classes = classes},
      options);
}

}  // namespace

std::vector<Explanation> explain(TrainedModel& model, const Images& pictures,
                                 std::span<const int> classes, const ExplainOptions& options) {
  const ExplainMethod& method = find_explain_method(options.method);
  check(model, pictures, classes, method, options);
  const kernels::UseConvChoices use_choices(model.choices);
  std::vector<Explanation> all;
  for (int first = 0; first < pictures.count(); first += kBatch) {
    std::vector<int> indices(static_cast<size_t>(std::min(kBatch, pictures.count() - first)));
    std::iota(indices.begin(), indices.end(), first);
    std::vector<Explanation> some =
        explain_some(model, subset(pictures, indices),
                     classes.subspan(static_cast<size_t>(first), indices.size()), method, options);
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace weir
