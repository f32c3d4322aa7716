// Reverse-mode automatic differentiation: a Variable is a value and, once asked for, a gradient; a
// Tape records operations in execution order and walks them backwards. No recursion, no hashing.
//
//   Tape tape;                                  // records while it lives
//   Variable loss = cross_entropy(net.forward(x), labels);
//   tape.backward(loss);                        // gradients of all that requires_grad()
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/tensor/tensor.h"

namespace weir {

// Copying a Variable shares value and gradient.
class Variable {
 public:
  Variable() = default;
  explicit Variable(Tensor value, bool requires_grad = false);

  bool defined() const { return state_ != nullptr; }
  const Tensor& value() const { return state_->value; }
  Tensor& value() { return state_->value; }
  bool requires_grad() const { return state_ && state_->requires_grad; }
  // Undefined until a backward pass reaches this variable.
  const Tensor& grad() const { return state_->grad; }
  Tensor& grad() { return state_->grad; }
  void clear_grad() { state_->grad = Tensor(); }
  // Adds `grad` to the gradient: the first contribution is taken over, later ones are summed. The
  // one place where gradients meet, so that kernels only ever write.
  void accumulate_grad(Tensor grad) const;

 private:
  struct State {
    Tensor value, grad;
    bool requires_grad = false;
  };
  std::shared_ptr<State> state_;
};

class Tape {
 public:
  // Starts recording on this thread. Tapes nest: the innermost records.
  Tape();
  ~Tape();
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  // The recording tape of this thread, or null: then operations keep nothing for backward.
  static Tape* active();

  // Sets d(root)/d(root) = 1 and runs the recorded nodes in reverse; `root` holds one number. Each
  // node is dropped after it ran, so memory falls during the walk. Can be called once.
  void backward(const Variable& root);

  // Used by operations. `output` is what the node computed; `backward` reads output.grad(), adds to
  // the gradients of its inputs, and keeps just what it needs. `name` is for error messages.
  void record(std::string name, Variable output, std::function<void(const Tensor& grad)> backward);

 private:
  struct Node {
    std::string name;
    Variable output;
    std::function<void(const Tensor& grad)> backward;
  };
  std::vector<Node> nodes_;
  Tape* outer_;
};

// True when an operation on these inputs must be recorded now.
bool records(std::initializer_list<const Variable*> inputs);

}  // namespace weir
