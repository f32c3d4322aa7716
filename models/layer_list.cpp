#include "models/layer_list.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/names.h"
#include "layers/activation.h"
#include "layers/batch_norm2d.h"
#include "models/family.h"
#include "models/head.h"
#include "models/layer_kinds.h"
#include "models/list_downsample.h"
#include "models/unpool_links.h"

namespace weir {
namespace {

// Walks a list and keeps the shape so far. After an error the shape is unknown, and the entries
// that follow are only read, so that their own mistakes are reported too.
class ListBuilder {
 public:
  ListBuilder(const FeatureShape& in, int num_classes, UnpoolLinks unpools)
      : shape_(in), num_classes_(num_classes), unpools_(std::move(unpools)) {}

  // `list` is the name of the list in the configuration.
  Sequential build(const std::vector<LayerSpec>& specs, const std::string& list) {
    Sequential out;
    for (size_t i = 0; i < specs.size(); ++i) {
      add_entry(out, specs[i], fmt::format("{}[{}].{}", list, i, specs[i].kind));
    }
    return out;
  }

  void throw_errors() const {
    if (!errors_.empty()) throw Error(ErrorKind::kUsage, join(errors_, "\n"));
  }

 private:
  void add_entry(Sequential& out, const LayerSpec& spec, const std::string& where) {
    const size_t errors_before = errors_.size();
    const LayerMaker maker = read(spec, where);
    check_siblings(spec, where);
    if (errors_.size() > errors_before) shape_.reset();
    if (!shape_) return;
    try {
      place(out, spec, layers_of(spec, maker));
    } catch (const Error& error) {
      report(spec, where, error.what());
      shape_.reset();
    }
  }

  LayerMaker read(const LayerSpec& spec, const std::string& where) {
    const LayerKind* kind = find_layer_kind(spec.kind);
    if (!kind) {
      const std::vector<std::string> names = layer_kind_names();
      report(spec, where,
             fmt::format("unknown layer '{}'{}; known: {}", spec.kind,
                         did_you_mean(spec.kind, names), join(names)));
      return nullptr;
    }
    SpecReader reader(spec, std::string(kind->bare), where, num_classes_, errors_);
    LayerMaker maker = kind->read(reader);
    reader.finish();
    return maker;
  }

  void check_siblings(const LayerSpec& spec, const std::string& where) {
    const std::vector<std::string> names = activation_names();
    if (!spec.act.empty() && std::find(names.begin(), names.end(), spec.act) == names.end()) {
      report(spec, where,
             fmt::format("unknown activation '{}'{}; known: {}", spec.act,
                         did_you_mean(spec.act, names), join(names)));
    }
    if (spec.repeat < 1 || spec.repeat > kMostRepeats) {
      report(spec, where,
             fmt::format("repeat: expected a whole number from 1 to {}, got {}", kMostRepeats,
                         spec.repeat));
    }
  }

  // The layers of one entry; moves shape_ past them.
  std::vector<LayerPtr> layers_of(const LayerSpec& spec, const LayerMaker& maker) {
    std::vector<LayerPtr> layers;
    const auto append = [&](LayerPtr layer) {
      shape_ = layer->output_shape(*shape_);
      layers.push_back(std::move(layer));
    };
    for (int i = 0; i < spec.repeat; ++i) {
      append(unpools_.linked(maker(*shape_), spec, *shape_));
      if (spec.batch_norm) append(std::make_unique<BatchNorm2d>(shape_->c));
      if (!spec.act.empty()) append(make_activation(spec.act));
    }
    return layers;
  }

  static void place(Sequential& out, const LayerSpec& spec, std::vector<LayerPtr> layers) {
    if (spec.name.empty()) {
      for (LayerPtr& layer : layers) out.add(std::move(layer));
    } else if (layers.size() == 1) {
      out.add(spec.name, std::move(layers.front()));
    } else {
      auto block = std::make_unique<Sequential>();
      for (LayerPtr& layer : layers) block->add(std::move(layer));
      out.add(spec.name, std::move(block));
    }
  }

  void report(const LayerSpec& spec, const std::string& where, const std::string& message) {
    errors_.push_back(located(spec.place, where, message));
  }

  std::optional<FeatureShape> shape_;
  int num_classes_;
  UnpoolLinks unpools_;
  std::vector<std::string> errors_;
};

// The list as the words about downsampling change it.
std::vector<LayerSpec> body_of(const ModelOptions& options) {
  const std::vector<LayerSpec> layers =
      options.last_pool ? options.layers : without_last_pool(options.layers);
  return with_downsample(layers, options.downsample, options.downsample_init == "average");
}

// How a head that is a word continues the list.
ConvStack::Style style_of_list(const std::vector<LayerSpec>& layers) {
  ConvStack::Style style;
  const std::vector<std::string> activations = activation_names();
  for (const LayerSpec& spec : layers) {
    const std::string& act = spec.act.empty() ? spec.kind : spec.act;
    const bool acts = std::find(activations.begin(), activations.end(), act) != activations.end();
    if (acts) style.act = act;
    style.batch_norm = style.batch_norm || spec.batch_norm || spec.kind == "batch_norm2d";
  }
  return style;
}

}  // namespace

Sequential layer_list(const ModelOptions& options) {
  require(options.head.empty() || options.tail.empty(),
          "the head is a word or a list of layers, got '{}' and a list of {}", options.head,
          options.tail.size());
  const ModelOptions unset;
  require(
      !options.head.empty() ||
          (options.head_convs == unset.head_convs && options.head_width == unset.head_width),
      "head_convs and head_width belong to a head that is a word, gap, gmp or dense; here it is "
      "a list, which says its layers itself");
  require(!options.layers.empty(),
          "model 'layers' needs a list `layers:` with at least one layer, such as flatten");
  UnpoolLinks unpools;
  unpools.announce(options.layers);
  unpools.announce(options.tail);
  ListBuilder builder(input_of(options), options.num_classes, std::move(unpools));
  Sequential net;
  net.add("features", builder.build(body_of(options), "layers"));
  if (!options.tail.empty()) net.add("classifier", builder.build(options.tail, "head"));
  builder.throw_errors();
  if (!options.head.empty()) {
    net.add("classifier",
            head_of(options, net.output_shape(input_of(options)), style_of_list(options.layers),
                    {.word = options.head, .hidden = {options.head_width}}));
  }
  return net;
}

}  // namespace weir
