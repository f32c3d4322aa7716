#include "layers/lp_pool2d.h"

#include <cmath>

#include "core/base/error.h"
#include "layers/parameter.h"

namespace weir {

LPPool2d::LPPool2d(const Options& options) : SlidingPool2d(options.slide), options_(options) {
  require(options.p > 0 && std::isfinite(options.p), "p must be a number above 0, got {}",
          options.p);
  require(!options.sigma || *options.sigma > 0, "sigma must be above 0, got {}",
          options.sigma.value_or(0.f));
  require(!options.learnable || options.absolute || options.floor.value_or(-1) >= 0,
          "a learnable p needs abs: true: powers of negative numbers have no derivative in p");
  if (options.learnable) p_ = Variable(Tensor::full({1}, options.p), true);
}

LPPool2d::Options LPPool2d::gem(const GeMOptions& options) {
  require(options.eps > 0, "eps must be above 0, got {}", options.eps);
  return {.slide = options.slide,
          .form = LpForm::kMean,
          .p = options.p,
          .learnable = options.learnable,
          .floor = options.eps};
}

std::string_view LPPool2d::kind() const {
  if (options_.floor) return "GeMPool2d";
  if (options_.form == LpForm::kMean) return "LPMeanPool2d";
  return options_.form == LpForm::kSum ? "LPPool2d" : "LPGaussianPool2d";
}

Variable LPPool2d::forward(const Variable& x, const StepContext&) {
  const LpPool2dOptions now{.window = window_on(x),
                            .form = options_.form,
                            .p = options_.p,
                            .absolute = options_.absolute,
                            .sigma = options_.sigma,
                            .floor = options_.floor};
  return options_.learnable ? lp_pool2d(x, p_, now) : lp_pool2d(x, now);
}

std::vector<NamedParameter> LPPool2d::parameters() {
  if (!options_.learnable) return {};
  return {{.name = "p", .variable = p_, .decay = false, .start = all(options_.p)}};
}

std::string LPPool2d::reducer_options() const {
  if (options_.floor) {
    return fmt::format(", p={}, eps={}{}", options_.p, *options_.floor,
                       options_.learnable ? ", learnable" : "");
  }
  return fmt::format(", norm_type={}{}{}{}", options_.p, options_.absolute ? "" : ", abs=False",
                     options_.sigma ? fmt::format(", sigma={}", *options_.sigma) : "",
                     options_.learnable ? ", learnable" : "");
}

}  // namespace weir
