#include "conformance/operators.h"

#include <array>
#include <string_view>

#include "core/base/error.h"
#include "core/base/names.h"
#include "core/functions/fractional_max_pool2d.h"
#include "core/functions/max_pool2d_indices.h"
#include "core/functions/max_unpool2d.h"
#include "core/functions/stochastic_pool2d.h"
#include "core/tensor/layout.h"
#include "models/spec_reader.h"

namespace weir {
namespace {

OperatorOutput output_of(const MaxPooled& pooled) { return {pooled.y, pooled.indices}; }

OperatorOutput run_max_pool2d(SpecReader& args, const ConformanceCase&, const Variable& x) {
  const Pair kernel_size = args.pair("kernel_size", 1);
  return output_of(max_pool2d_with_indices(x, {.kernel_size = kernel_size,
                                               .stride = args.pair("stride", 1, kernel_size),
                                               .padding = args.pair("padding", 0, Pair(0)),
                                               .dilation = args.pair("dilation", 1, Pair(1)),
                                               .ceil_mode = args.flag("ceil_mode", false)}));
}

OperatorOutput run_adaptive_max_pool2d(SpecReader& args, const ConformanceCase&,
                                       const Variable& x) {
  return output_of(adaptive_max_pool2d_with_indices(x, args.pair("output_size", 1)));
}

OperatorOutput run_global_max_pool2d(SpecReader&, const ConformanceCase&, const Variable& x) {
  return output_of(adaptive_max_pool2d_with_indices(x, {1, 1}));
}

// Throws kUsage when the case does not have these random numbers.
const CaseTensor& random_of(const ConformanceCase& c, const std::string& name, size_t axes) {
  const auto given = c.random.find(name);
  require(given != c.random.end() && given->second.shape.size() == axes,
          "random: expected '{}' of {} axes", name, axes);
  return given->second;
}

OperatorOutput run_fractional_max_pool2d(SpecReader& args, const ConformanceCase& c,
                                         const Variable& x) {
  constexpr std::array kRegions{FractionalRegions::kFixed, FractionalRegions::kDisjoint,
                                FractionalRegions::kOverlapping};
  const CaseTensor& samples = random_of(c, "samples", 3);
  FractionalMaxPool2dOptions options{
      .kernel_size = args.pair("kernel_size", 1, Pair(1)),
      .output_size = args.pair("output_size", 1),
      .regions = kRegions[args.choice("regions", {"fixed", "disjoint", "overlapping"})]};
  options.random_samples =
      Tensor::from(samples.values, {samples.shape[0], samples.shape[1], samples.shape[2]});
  return output_of(fractional_max_pool2d_with_indices(x, options));
}

OperatorOutput run_stochastic_pool2d(SpecReader& args, const ConformanceCase& c,
                                     const Variable& x) {
  const Pair kernel_size = args.pair("kernel_size", 1);
  const StochasticPool2dOptions options{.window = {.kernel_size = kernel_size,
                                                   .stride = args.pair("stride", 1, kernel_size),
                                                   .padding = args.pair("padding", 0, Pair(0)),
                                                   .ceil_mode = args.flag("ceil_mode", false)},
                                        .odds = args.choice("probability", {"relu", "softmax"}) == 1
                                                    ? StochasticOdds::kSoftmax
                                                    : StochasticOdds::kRelu};
  const CaseTensor& u = random_of(c, "uniform", 4);
  const Tensor uniform =
      images_from_nchw(u.values.data(), u.shape[0], u.shape[1], u.shape[2], u.shape[3]);
  return {stochastic_pool2d(x, options, uniform), {}};
}

// I32 images, as max_pool2d_with_indices() gives them.
Tensor index_images(const std::vector<int64_t>& row_major, const Tensor& like) {
  Tensor indices = Tensor::images_zeros(like.n(), like.c(), like.h(), like.w(), DType::kI32);
  size_t next = 0;
  for (int n = 0; n < like.n(); ++n) {
    for (int c = 0; c < like.c(); ++c) {
      for (int pixel = 0; pixel < like.h() * like.w(); ++pixel) {
        int32_t* panel =
            indices.panel<int32_t>(n / indices.block(), pixel / like.w(), pixel % like.w());
        panel[n % indices.block() * like.c() + c] = static_cast<int32_t>(row_major[next++]);
      }
    }
  }
  return indices;
}

OperatorOutput run_max_unpool2d(SpecReader& args, const ConformanceCase& c, const Variable& x) {
  const Pair kernel_size = args.pair("kernel_size", 1);
  return {max_unpool2d(x, index_images(c.input_indices, x.value()),
                       {.kernel_size = kernel_size,
                        .stride = args.pair("stride", 1, kernel_size),
                        .padding = args.pair("padding", 0, Pair(0)),
                        .output_size = args.pair("output_size", 1)}),
          {}};
}

struct Operator {
  std::string_view name;
  OperatorOutput (*run)(SpecReader& args, const ConformanceCase& c, const Variable& x);
};
constexpr std::array<Operator, 6> kOperators{{
    {"max_pool2d", run_max_pool2d},
    {"adaptive_max_pool2d", run_adaptive_max_pool2d},
    {"global_max_pool2d", run_global_max_pool2d},
    {"fractional_max_pool2d", run_fractional_max_pool2d},
    {"stochastic_pool2d", run_stochastic_pool2d},
    {"max_unpool2d", run_max_unpool2d},
}};

}  // namespace

bool takes_more_than_x(const ConformanceCase& c) {
  return !c.random.empty() || !c.input_indices.empty();
}

OperatorOutput run_operator(const ConformanceCase& c, const Variable& x) {
  for (const Operator& known : kOperators) {
    if (known.name != c.layer.kind) continue;
    std::vector<std::string> errors;
    SpecReader args(c.layer, "", c.layer.kind, 0, errors);
    const OperatorOutput output = known.run(args, c, x);
    args.finish();
    require(errors.empty(), "{}", join(errors, "; "));
    return output;
  }
  fail(ErrorKind::kUsage, "'{}' has no indices and takes no random numbers here", c.layer.kind);
}

std::vector<int64_t> row_major_indices(const Tensor& indices) {
  std::vector<int64_t> values;
  for (int n = 0; n < indices.n(); ++n) {
    for (int c = 0; c < indices.c(); ++c) {
      for (int pixel = 0; pixel < indices.h() * indices.w(); ++pixel) {
        const int32_t* panel =
            indices.panel<int32_t>(n / indices.block(), pixel / indices.w(), pixel % indices.w());
        values.push_back(panel[n % indices.block() * indices.c() + c]);
      }
    }
  }
  return values;
}

}  // namespace weir
