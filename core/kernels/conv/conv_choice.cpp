#include "core/kernels/conv/conv_choice.h"

#include <cstdio>
#include <optional>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/names.h"

namespace weir::kernels {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t index_of(ConvPass pass) { return static_cast<size_t>(pass); }

const ConvChoices* choices_in_use = nullptr;

struct Convolution {
  ConvShape shape;
  DType x;
};

// The inverse of text_of(); none for any other text. So few digits that no size overflows.
std::optional<Convolution> convolution_of(const std::string& text) {
  Convolution out;
  ConvShape& s = out.shape;
  Axis &y = s.window.y, &x = s.window.x;
  char type[8] = "";
  const int found =
      std::sscanf(text.c_str(),
                  "%7s %6dx%4dx%4d to %6d, kernel %4dx%4d, stride %4dx%4d, padding %4dx%4d, "
                  "dilation %4dx%4d, groups %6d",
                  type, &s.c, &y.in, &x.in, &s.k, &y.kernel, &x.kernel, &y.stride, &x.stride,
                  &y.pad, &x.pad, &y.dilation, &x.dilation, &s.groups);
  constexpr int kFields = 14;
  out.x = type == name_of(DType::kBF16) ? DType::kBF16 : DType::kF32;
  if (found != kFields || text_of(s, out.x) != text) return std::nullopt;
  const auto positive = [](const Axis& a) {
    return a.in > 0 && a.kernel > 0 && a.stride > 0 && a.dilation > 0 && a.pad >= 0 && a.out() > 0;
  };
  const bool divides = s.groups > 0 && s.c % s.groups == 0 && s.k % s.groups == 0;
  if (!divides || s.c <= 0 || s.k <= 0 || !positive(y) || !positive(x)) return std::nullopt;
  return out;
}

// Null when there is none, or when it cannot compute this here.
const Conv2dKernel* usable_kernel(const std::string& name, const Convolution& convolution) {
  for (const Conv2dKernel* kernel : conv2d_kernels()) {
    if (kernel->name != name) continue;
    return kernel->accepts(convolution.shape, convolution.x) ? kernel : nullptr;
  }
  return nullptr;
}

[[noreturn]] void refuse_kernel(const std::string& name, const std::string& place) {
  std::vector<std::string> known;
  for (const Conv2dKernel* kernel : conv2d_kernels()) {
    if (kernel->name == name) {
      fail(ErrorKind::kData, "{}: kernel '{}' cannot compute it on this machine", place, name);
    }
    known.emplace_back(kernel->name);
  }
  fail(ErrorKind::kData, "{}: unknown kernel '{}'{}; known: {}", place, name,
       did_you_mean(name, known), join(known));
}

ConvPass pass_named(const std::string& name, const std::string& place) {
  std::vector<std::string> known;
  for (const ConvPass pass : kConvPasses) {
    if (name_of(pass) == name) return pass;
    known.emplace_back(name_of(pass));
  }
  fail(ErrorKind::kData, "{}: unknown pass '{}'{}; known: {}", place, name,
       did_you_mean(name, known), join(known));
}

}  // namespace

std::string_view name_of(ConvPass pass) {
  constexpr std::array<std::string_view, kConvPasses.size()> names{"forward", "backward_data",
                                                                   "backward_weights"};
  return names[index_of(pass)];
}

std::string text_of(const ConvShape& s, DType x) {
  const auto& [y_axis, x_axis] = s.window;
  return fmt::format(
      "{} {}x{}x{} to {}, kernel {}x{}, stride {}x{}, padding {}x{}, dilation {}x{}, groups {}",
      name_of(x), s.c, y_axis.in, x_axis.in, s.k, y_axis.kernel, x_axis.kernel, y_axis.stride,
      x_axis.stride, y_axis.pad, x_axis.pad, y_axis.dilation, x_axis.dilation, s.groups);
}

ConvChoices ConvChoices::parse(std::string_view text, const std::string& source,
                               std::vector<std::string>* left_out) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) fail(ErrorKind::kData, "{}: expected one JSON object", source);
  ConvChoices choices;
  for (const auto& [key, passes] : json.items()) {
    const std::string entry = fmt::format("{}: \"{}\"", source, key);
    const auto convolution = convolution_of(key);
    if (!convolution) fail(ErrorKind::kData, "{} is no convolution", entry);
    if (!passes.is_object()) fail(ErrorKind::kData, "{}: expected kernels by pass", entry);
    for (const auto& [pass_name, value] : passes.items()) {
      const std::string place = fmt::format("{}, {}", entry, pass_name);
      const ConvPass pass = pass_named(pass_name, place);
      if (!value.is_string()) fail(ErrorKind::kData, "{}: expected the name of a kernel", place);
      const auto name = value.get<std::string>();
      if (const Conv2dKernel* kernel = usable_kernel(name, *convolution)) {
        choices.choose(convolution->shape, convolution->x, pass, *kernel);
      } else if (left_out != nullptr) {
        left_out->push_back(name);
      } else {
        refuse_kernel(name, place);
      }
    }
  }
  return choices;
}

std::string ConvChoices::text() const {
  constexpr int kIndent = 2;
  Json json = Json::object();
  for (const auto& [key, passes] : kernels_) {
    for (const ConvPass pass : kConvPasses) {
      const Conv2dKernel* kernel = passes[index_of(pass)];
      if (kernel != nullptr) json[key][std::string(name_of(pass))] = std::string(kernel->name);
    }
  }
  return json.dump(kIndent) + "\n";
}

void ConvChoices::choose(const ConvShape& shape, DType x, ConvPass pass,
                         const Conv2dKernel& kernel) {
  kernels_[text_of(shape, x)][index_of(pass)] = &kernel;
}

void ConvChoices::merge(const ConvChoices& newer) {
  for (const auto& [key, passes] : newer.kernels_) {
    PassKernels& mine = kernels_[key];
    for (size_t i = 0; i < passes.size(); ++i) {
      if (passes[i] != nullptr) mine[i] = passes[i];
    }
  }
}

PassKernels ConvChoices::find(const ConvShape& shape, DType x) const {
  const auto found = kernels_.find(text_of(shape, x));
  return found == kernels_.end() ? PassKernels{} : found->second;
}

UseConvChoices::UseConvChoices(const ConvChoices& choices) : outer_(choices_in_use) {
  choices_in_use = &choices;
}

UseConvChoices::~UseConvChoices() { choices_in_use = outer_; }

PassKernels conv2d_kernels_for(const ConvShape& shape, DType x) {
  PassKernels kernels{};
  if (choices_in_use != nullptr && !choices_in_use->empty()) {
    kernels = choices_in_use->find(shape, x);
  }
  for (const Conv2dKernel*& kernel : kernels) {
    if (kernel == nullptr) kernel = &choose_conv2d(shape, x);
  }
  return kernels;
}

}  // namespace weir::kernels
