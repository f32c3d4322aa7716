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

void Variable::accumulate_grad(Tensor grad) const {
  if (!requires_grad()) return;
  if (gradient_->sum.defined()) {
    kernels::add_in_place(gradient_->sum, grad);
  } else {
    gradient_->sum = std::move(grad);
  }
}

Variable Variable::without_value() const {
  Variable copy = *this;
  copy.value_ = Tensor();
  return copy;
}

Tape::Tape() : outer_(active_tape) { active_tape = this; }

Tape::~Tape() { active_tape = outer_; }

Tape* Tape::active() { return active_tape; }

void Tape::record(std::string name, const Variable& output,
                  std::function<void(const Tensor& grad)> backward) {
  nodes_.push_back({std::move(name), output.without_value(), std::move(backward)});
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
    const Tensor grad = std::exchange(node.output.grad(), Tensor());
    try {
      node.backward(grad);
    } catch (const Error& error) {
      throw Error(error.kind(), "backward of " + node.name + ": " + error.what());
    }
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
