#include "apps/pool_walk/walk.h"

#include <algorithm>
#include <numeric>

#include <fmt/core.h>

#include "core/autograd/variable.h"
#include "core/base/error.h"
#include "core/base/names.h"
#include "core/kernels/pool/geometry.h"
#include "core/tensor/layout.h"
#include "layers/layer.h"
#include "models/layer_kinds.h"

namespace weir {
namespace {

constexpr const char* kPyramid = "spatial_pyramid_pool2d";

Tensor images_of(const Grid& grid) {
  return images_from_nchw(grid.values.data(), 1, 1, grid.h, grid.w);
}

Grid grid_of(const Tensor& images) {
  return {static_cast<int>(images.shape()[2]), static_cast<int>(images.shape()[3]),
          nchw_from_images(images)};
}

// The layer, with what calls of it need.
class Pool {
 public:
  explicit Pool(const PoolWalkOptions& options)
      : in_{.c = 1, .h = options.input.h, .w = options.input.w},
        layer_(make_layer(options.layer, in_)),
        context_{.training = options.seed.has_value(), .seed = options.seed.value_or(0)} {
    layer_->output_shape(in_);  // its message for what does not fit says which side
  }

  Layer& layer() const { return *layer_; }
  const FeatureShape& in() const { return in_; }
  Grid forward(const Grid& input) const {
    return grid_of(layer_->forward(Variable(images_of(input)), context_).value());
  }
  // The gradient of the input for `upstream` as the gradient of the output.
  Grid backward(const Grid& input, const Grid& upstream) const {
    Tape tape;
    const Variable x(images_of(input), true);
    const Variable y = layer_->forward(x, context_);
    const Variable root(Tensor::full({1}, 0.f), true);
    tape.record("upstream", root, [&](const Tensor&) { y.accumulate_grad(images_of(upstream)); });
    tape.backward(root);
    return grid_of(x.grad());
  }

 private:
  FeatureShape in_;
  LayerPtr layer_;
  StepContext context_;
};

// Which inputs each output of an axis looks at.
using Taps = std::vector<std::vector<int>>;

Taps sliding_taps(const Axis& axis) {
  Taps taps(static_cast<size_t>(axis.out()));
  for (int o = 0; o < axis.out(); ++o) {
    for (int k = 0; k < axis.kernel; ++k) {
      taps[static_cast<size_t>(o)].push_back(axis.origin(o) + k * axis.dilation);
    }
  }
  return taps;
}

Taps adaptive_taps(int in, int out) {
  const kernels::PoolAxis axis = kernels::PoolAxis::adaptive(in, out);
  Taps taps;
  for (int o = 0; o < out; ++o) {
    taps.emplace_back(static_cast<size_t>(axis.span(o).taps));
    std::iota(taps.back().begin(), taps.back().end(), axis.span(o).first_input);
  }
  return taps;
}

// Fractional windows are drawn inside the layer. A line of pixels above all others is the maximum
// of every window that it crosses, so the outputs that show it tell where the windows lie.
Taps drawn_taps(const Pool& pool, bool of_rows, int out) {
  Taps taps(static_cast<size_t>(out));
  const Grid zeros = Grid::zeros(pool.in().h, pool.in().w);
  for (int line = 0; line < (of_rows ? zeros.h : zeros.w); ++line) {
    Grid probe = zeros;
    for (int i = 0; i < (of_rows ? zeros.w : zeros.h); ++i) {
      (of_rows ? probe.at(line, i) : probe.at(i, line)) = 1;
    }
    const Grid seen = pool.forward(probe);
    for (int o = 0; o < out; ++o) {
      const float maximum = of_rows ? seen.at(o, 0) : seen.at(0, o);
      if (maximum == 1) taps[static_cast<size_t>(o)].push_back(line);
    }
  }
  return taps;
}

std::string ranges_of(const Taps& taps) {
  std::vector<std::string> ranges;
  for (const std::vector<int>& window : taps) {
    ranges.push_back(fmt::format("{}-{}", window.front(), window.back()));
  }
  return join(ranges);
}

struct Windows {
  std::array<Taps, 2> taps;
  std::array<std::string, 2> geometry;
};

Windows windows_of(const Pool& pool, const std::string& word, const Grid& output) {
  if (word.starts_with("fractional")) {
    const std::array<Taps, 2> taps = {drawn_taps(pool, true, output.h),
                                      drawn_taps(pool, false, output.w)};
    return {taps, {"drawn: " + ranges_of(taps[0]), "drawn: " + ranges_of(taps[1])}};
  }
  const FeatureShape& in = pool.in();
  if (word.starts_with("adaptive") || word.starts_with("global")) {
    const auto rule = [](int i, int o, const Taps& taps) {
      return fmt::format("floor(i*{}/{}) to ceil((i+1)*{}/{}) - 1: {}", i, o, i, o,
                         ranges_of(taps));
    };
    const std::array<Taps, 2> taps = {adaptive_taps(in.h, output.h), adaptive_taps(in.w, output.w)};
    return {taps, {rule(in.h, output.h, taps[0]), rule(in.w, output.w, taps[1])}};
  }
  const Window2d window = pool.layer().window(in);
  return {{sliding_taps(window.y), sliding_taps(window.x)}, {formula(window.y), formula(window.x)}};
}

Grid upstream_of(const PoolWalkOptions& options, const Grid& output) {
  if (!options.upstream) {
    return {output.h, output.w, std::vector<float>(output.values.size(), 1.f)};
  }
  require(options.upstream->h == output.h && options.upstream->w == output.w,
          "--dy: expected {} rows of {} numbers, one for each output; found {} of {}", output.h,
          output.w, options.upstream->h, options.upstream->w);
  return *options.upstream;
}

PoolStep step_at(const Pool& pool, const PoolWalk& walk, const Windows& windows, int y, int x) {
  PoolStep step;
  step.y = y;
  step.x = x;
  step.rows = windows.taps[0][static_cast<size_t>(y)];
  step.cols = windows.taps[1][static_cast<size_t>(x)];
  step.value = walk.output.at(y, x);
  Grid only = Grid::zeros(walk.output.h, walk.output.w);
  only.at(y, x) = 1;
  step.shares = pool.backward(walk.input, only);
  only.at(y, x) = walk.upstream.at(y, x);
  step.sent = pool.backward(walk.input, only);
  Grid until = walk.upstream;
  std::fill(until.values.begin() + y * until.w + x + 1, until.values.end(), 0.f);
  step.sum = pool.backward(walk.input, until);
  return step;
}

}  // namespace

std::vector<std::string> pool_words() {
  std::vector<std::string> words;
  for (const std::string& name : layer_kind_names()) {
    if (name.ends_with("_pool2d") && name != kPyramid) words.push_back(name);
  }
  return words;
}

std::string find_pool_word(const std::string& word) {
  const std::vector<std::string> words = pool_words();
  std::vector<std::string> spellings = words;
  for (const char* ending : {"", "2d", "_pool2d"}) {
    if (std::find(words.begin(), words.end(), word + ending) != words.end()) return word + ending;
    require(word + ending != kPyramid,
            "{} is adaptive_max_pool2d once for each level; walk over one level: weir pool "
            "adaptive_max_pool2d --set output_size=2",
            kPyramid);
  }
  for (const std::string& name : words) spellings.push_back(name.substr(0, name.size() - 2));
  fail(ErrorKind::kUsage, "unknown pooling '{}'{}; there are: {}", word,
       did_you_mean(word, spellings), join(words));
}

PoolWalk walk_pool(const PoolWalkOptions& options) {
  const Pool pool(options);
  PoolWalk walk;
  walk.layer = fmt::format("{}({})", pool.layer().kind(), pool.layer().options());
  walk.input = options.input;
  walk.output = pool.forward(options.input);
  const Windows windows = windows_of(pool, options.layer.kind, walk.output);
  walk.geometry = windows.geometry;
  walk.upstream = upstream_of(options, walk.output);
  walk.input_gradient = pool.backward(walk.input, walk.upstream);
  for (NamedParameter& parameter : pool.layer().parameters()) {
    walk.parameters[parameter.name] = parameter.variable.value().data()[0];
  }
  for (int y = 0; y < walk.output.h; ++y) {
    for (int x = 0; x < walk.output.w; ++x) {
      walk.steps.push_back(step_at(pool, walk, windows, y, x));
    }
  }
  return walk;
}

}  // namespace weir
