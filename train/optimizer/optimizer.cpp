#include "train/optimizer/optimizer.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/names.h"
#include "layers/name_pattern.h"
#include "train/optimizer/adamw.h"
#include "train/optimizer/sgd.h"

namespace weir {
namespace {

// The first group that fits, or the number of groups.
size_t group_of(const NamedParameter& parameter, const std::vector<ParameterGroup>& groups) {
  const auto fitting = std::find_if(groups.begin(), groups.end(), [&](const ParameterGroup& group) {
    return fits(group.match, parameter.name);
  });
  return static_cast<size_t>(fitting - groups.begin());
}

void check_groups(const std::vector<ParameterGroup>& groups,
                  const std::vector<NamedParameter>& parameters) {
  std::vector<std::string> patterns;
  for (const ParameterGroup& group : groups) patterns.push_back(group.match);
  require_fitting(patterns, parameters, "optimizer.groups");
  std::vector<int> members(groups.size() + 1);
  for (const NamedParameter& parameter : parameters) ++members[group_of(parameter, groups)];
  for (size_t i = 0; i < groups.size(); ++i) {
    require(
        members[i] > 0,
        "optimizer.groups: every parameter that '{}' fits belongs to a group before it, and the "
        "first counts; put '{}' in front of that",
        groups[i].match, groups[i].match);
    require(groups[i].lr_scale > 0,
            "optimizer.groups: lr_scale of '{}' must be above 0, got {}; to hold parameters still, "
            "freeze them",
            groups[i].match, groups[i].lr_scale);
  }
}

}  // namespace

Optimizer::Optimizer(std::vector<NamedParameter> parameters, const OptimizerOptions& options)
    : parameters_(std::move(parameters)), options_(options) {
  check_groups(options_.groups, parameters_);
  for (const NamedParameter& parameter : parameters_) rules_.push_back(rule_for(parameter));
}

void Optimizer::zero_grad() {
  for (NamedParameter& parameter : parameters_) parameter.variable.clear_grad();
}

Optimizer::Rule Optimizer::rule_for(const NamedParameter& parameter) const {
  Rule rule{.lr_scale = 1.f, .weight_decay = options_.weight_decay};
  const size_t group = group_of(parameter, options_.groups);
  if (group < options_.groups.size()) {
    rule.lr_scale = options_.groups[group].lr_scale;
    rule.weight_decay = options_.groups[group].weight_decay.value_or(rule.weight_decay);
  }
  if (!parameter.decay && !options_.decay_bias_and_norm) rule.weight_decay = 0.f;
  return rule;
}

std::vector<int64_t> Optimizer::element_counts() const {
  std::vector<int64_t> counts;
  for (const NamedParameter& parameter : parameters_) {
    const Variable& variable = parameter.variable;
    counts.push_back(variable.grad().defined() ? variable.value().numel() : 0);
  }
  return counts;
}

std::vector<NamedTensor> Optimizer::zeros_like_parameters(const std::string& prefix) const {
  std::vector<NamedTensor> tensors;
  for (const NamedParameter& parameter : parameters_) {
    tensors.push_back({prefix + parameter.name, Tensor::zeros_like(parameter.variable.value())});
  }
  return tensors;
}

const std::vector<std::string>& optimizer_names() {
  static const std::vector<std::string> names{"sgd", "adamw"};
  return names;
}

std::unique_ptr<Optimizer> make_optimizer(const OptimizerOptions& options,
                                          std::vector<NamedParameter> parameters) {
  if (options.name == "sgd") return std::make_unique<Sgd>(std::move(parameters), options);
  if (options.name == "adamw") return std::make_unique<AdamW>(std::move(parameters), options);
  fail(ErrorKind::kUsage, "unknown optimizer '{}'{}; known: {}", options.name,
       did_you_mean(options.name, optimizer_names()), join(optimizer_names()));
}

}  // namespace weir
