#include "layers/init.h"

#include <cmath>

#include "core/base/error.h"
#include "core/base/names.h"
#include "core/runtime/parallel.h"
#include "core/runtime/philox.h"
#include "layers/lsuv.h"
#include "layers/orthogonal.h"
#include "layers/parameter.h"

namespace weir {
namespace {

// Where the random numbers of one parameter come from.
struct Source {
  uint64_t seed;
  uint32_t parameter;
};

// Elements that share one Philox stream: enough to amortise its start, few enough to share work.
constexpr int64_t kChunk = 1 << 14;

template <class Draw>
void fill(Tensor& tensor, Source source, Draw draw) {
  parallel_ranges(tensor.numel(), kChunk, [&](int64_t begin, int64_t end) {
    Philox random(source.seed, Purpose::kInit, source.parameter,
                  static_cast<uint32_t>(begin / kChunk));
    for (int64_t i = begin; i < end; ++i) tensor.data()[i] = draw(random);
  });
}

void fill_normal(Tensor& tensor, Source source, double deviation) {
  fill(tensor, source,
       [deviation](Philox& random) { return static_cast<float>(deviation) * random.normal(); });
}

void fill_uniform(Tensor& tensor, Source source, double bound) {
  const float high = static_cast<float>(bound);
  fill(tensor, source, [high](Philox& random) { return random.uniform(-high, high); });
}

struct Fans {
  double in, out;
};
Fans fans_of(const Shape& weight) {
  const double per_output = static_cast<double>(weight.numel()) / static_cast<double>(weight[0]);
  const double taps = per_output / static_cast<double>(weight[1]);
  return {per_output, static_cast<double>(weight[0]) * taps};
}

// He, Zhang, Ren, Sun, ICCV 2015, with the gain sqrt(2) of ReLU.
void kaiming_normal(Tensor& weight, Fans fans, Source source) {
  fill_normal(weight, source, std::sqrt(2.0 / fans.in));
}
void kaiming_uniform(Tensor& weight, Fans fans, Source source) {
  fill_uniform(weight, source, std::sqrt(6.0 / fans.in));
}
// Glorot, Bengio, AISTATS 2010.
void xavier_normal(Tensor& weight, Fans fans, Source source) {
  fill_normal(weight, source, std::sqrt(2.0 / (fans.in + fans.out)));
}
void xavier_uniform(Tensor& weight, Fans fans, Source source) {
  fill_uniform(weight, source, std::sqrt(6.0 / (fans.in + fans.out)));
}
// Saxe, McClelland, Ganguli, ICLR 2014.
void orthogonal(Tensor& weight, Fans, Source source) {
  fill_normal(weight, source, 1.0);
  make_orthogonal(weight);
}
// What torch.nn.Conv2d and torch.nn.Linear do: kaiming_uniform with a = sqrt(5).
void pytorch(Tensor& weight, Fans fans, Source source) {
  fill_uniform(weight, source, 1.0 / std::sqrt(fans.in));
}
void pytorch_bias(Tensor& bias, Fans fans, Source source) {
  fill_uniform(bias, source, 1.0 / std::sqrt(fans.in));
}
void zero_bias(Tensor& bias, Fans, Source) { all(0.f)(bias); }

using Rule = void (*)(Tensor&, Fans, Source);
struct Row {
  InitMethod method;
  Rule weight;
  Rule bias = zero_bias;
};
constexpr Row kRows[] = {
    {{"kaiming_normal", "normal, variance 2 / fan_in (He et al. 2015); for ReLU"}, kaiming_normal},
    {{"kaiming_uniform", "uniform, variance 2 / fan_in (He et al. 2015)"}, kaiming_uniform},
    {{"xavier_normal", "normal, variance 2 / (fan_in + fan_out) (Glorot, Bengio 2010); for tanh"},
     xavier_normal},
    {{"xavier_uniform", "uniform, variance 2 / (fan_in + fan_out) (Glorot, Bengio 2010)"},
     xavier_uniform},
    {{"orthogonal", "rows or columns orthonormal (Saxe et al. 2014)"}, orthogonal},
    {{"lsuv", "orthogonal, then unit output variance on a batch (Mishkin, Matas 2016)", true},
     orthogonal},
    {{"pytorch", "PyTorch's default: weights and biases uniform, bound 1 / sqrt(fan_in)"},
     pytorch,
     pytorch_bias},
};

const Row& row_named(const std::string& name) {
  std::vector<std::string> names;
  for (const Row& row : kRows) {
    if (row.method.name == name) return row;
    names.emplace_back(row.method.name);
  }
  fail(ErrorKind::kUsage, "unknown initialiser '{}'{}; known: {}", name, did_you_mean(name, names),
       join(names));
}

// `index` is the number of the layer's first parameter in the network.
void initialize_layer(Layer& layer, const Row& row, uint64_t seed, uint32_t index) {
  Fans fans{};
  for (NamedParameter& parameter : layer.parameters()) {
    Tensor& value = parameter.variable.value();
    const Source source{seed, index++};
    if (parameter.start) {
      parameter.start(value);
    } else if (value.shape().rank() > 1) {
      fans = fans_of(value.shape());
      row.weight(value, fans, source);
    } else if (parameter.name == "weight") {
      all(1.f)(value);  // the scale of a normalisation
    } else if (fans.in > 0) {
      row.bias(value, fans, source);
    } else {
      all(0.f)(value);  // the shift of a normalisation
    }
  }
}

}  // namespace

const std::vector<InitMethod>& init_methods() {
  static const std::vector<InitMethod> methods = [] {
    std::vector<InitMethod> list;
    for (const Row& row : kRows) list.push_back(row.method);
    return list;
  }();
  return methods;
}

void initialize(Sequential& net, const InitOptions& options) {
  const Row& row = row_named(options.method);
  require(!row.method.needs_batch || options.batch.defined(),
          "the initialiser '{}' needs a batch of images", options.method);
  uint32_t index = 0;
  for (const Sequential::Leaf& leaf : net.leaves()) {
    initialize_layer(*leaf.layer, row, options.seed, index);
    index += static_cast<uint32_t>(leaf.layer->parameters().size());
  }
  if (row.method.needs_batch) scale_to_unit_variance(net, options.batch);
}

}  // namespace weir
