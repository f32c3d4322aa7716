#include "core/autograd/variable.h"

#include <utility>

#include "core/base/error.h"
#include "core/kernels/elementwise.h"

namespace weir {
namespace {

thread_local Tape* active_tape = nullptr;

}  // namespace

Variable::Variable(Tensor value, bool requires_grad)
    : value_(std::move(value)),
      gradient_(std::make_shared<Gradient>(Gradient{Tensor(), requires_grad})) {}

void Variable::set_requires_grad(bool required) {
  gradient_->required = required;
  if (!required) clear_grad();
}

void Variable::accumulate_grad(Tensor grad) const {
  if (!requires_grad()) return;
  Tensor& sum = gradient_->sum;
  if (!sum.defined()) {
    sum = std::move(grad);
    return;
  }
  if (!sum.unshared()) sum = sum.clone();
  kernels::add_in_place(sum, grad);
}

Variable Variable::without_value() const {
  Variable copy = *this;
  copy.value_ = Tensor();
  return copy;
}

Tape::Tape(TapeObserver* observer) : observer_(observer), outer_(active_tape) {
  active_tape = this;
}

Tape::~Tape() { active_tape = outer_; }

Tape* Tape::active() { return active_tape; }

void Tape::record(std::string name, const Variable& output, Backward backward) {
  nodes_.push_back({std::move(name), output.without_value(), std::move(backward)});
  if (observer_ != nullptr) observer_->on_record();
}

void Tape::backward(const Variable& root) {
  require(root.defined() && root.value().numel() == 1,
          "backward() starts at one number, such as a loss; got shape {}",
          root.defined() ? root.value().shape().str() : "(undefined)");
  Tensor one = Tensor::like(root.value());
  *one.data() = 1.f;
  root.accumulate_grad(std::move(one));
  while (!nodes_.empty()) {
    Node node = std::move(nodes_.back());
    nodes_.pop_back();
    if (!node.output.grad().defined()) continue;  // nothing downstream reached it
    if (observer_ != nullptr) observer_->before_backward(nodes_.size());
    try {
      node.backward(std::exchange(node.output.grad(), Tensor()));
    } catch (const Error& error) {
      throw Error(error.kind(), "backward of " + node.name + ": " + error.what());
    }
    if (observer_ != nullptr) observer_->after_backward();
  }
}

bool records(std::initializer_list<const Variable*> inputs) {
  if (!Tape::active()) return false;
  for (const Variable* input : inputs) {
    if (input->requires_grad()) return true;
  }
  return false;
}

}  // namespace weir
