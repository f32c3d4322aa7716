#include "conformance/operators.h"

#include <array>
#include <string_view>

#include "core/base/error.h"
#include "core/base/names.h"
#include "core/functions/max_pool2d_indices.h"
#include "models/spec_reader.h"

namespace weir {
namespace {

Tensor max_pool2d_indices(SpecReader& args, const Variable& x) {
  const Pair kernel_size = args.pair("kernel_size", 1);
  return max_pool2d_with_indices(x, {.kernel_size = kernel_size,
                                     .stride = args.pair("stride", 1, kernel_size),
                                     .padding = args.pair("padding", 0, Pair(0)),
                                     .dilation = args.pair("dilation", 1, Pair(1)),
                                     .ceil_mode = args.flag("ceil_mode", false)})
      .indices;
}

Tensor adaptive_max_pool2d_indices(SpecReader& args, const Variable& x) {
  return adaptive_max_pool2d_with_indices(x, args.pair("output_size", 1)).indices;
}

Tensor global_max_pool2d_indices(SpecReader&, const Variable& x) {
  return adaptive_max_pool2d_with_indices(x, {1, 1}).indices;
}

struct IndexOperator {
  std::string_view name;
  Tensor (*indices)(SpecReader& args, const Variable& x);
};
constexpr std::array<IndexOperator, 3> kIndexOperators{{
    {"max_pool2d", max_pool2d_indices},
    {"adaptive_max_pool2d", adaptive_max_pool2d_indices},
    {"global_max_pool2d", global_max_pool2d_indices},
}};

std::vector<int64_t> row_major(const Tensor& indices) {
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

}  // namespace

std::vector<int64_t> indices_of(const ConformanceCase& c, const Tensor& x) {
  for (const IndexOperator& known : kIndexOperators) {
    if (known.name != c.layer.kind) continue;
    std::vector<std::string> errors;
    SpecReader args(c.layer, "", c.layer.kind, 0, errors);
    const Tensor indices = known.indices(args, Variable(x));
    require(errors.empty(), "{}", join(errors, "; "));
    return row_major(indices);
  }
  fail(ErrorKind::kUsage, "no indices of '{}' here", c.layer.kind);
}

}  // namespace weir
