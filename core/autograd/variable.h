// Reverse-mode automatic differentiation: a Variable is a value and, once asked for, a gradient; a
// Tape records operations in execution order and walks them backwards. No recursion, no hashing.
//
//   Tape tape;                                  // records while it lives
//   Variable loss = cross_entropy(net.forward(x), labels);
//   tape.backward(loss);                        // gradients of all that requires_grad()
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "core/tensor/tensor.h"

namespace weir {

// Copying a Variable shares the memory of its value, and its gradient.
class Variable {
 public:
  Variable() = default;
  explicit Variable(Tensor value, bool requires_grad = false);

  bool defined() const { return gradient_ != nullptr; }
  const Tensor& value() const { return value_; }
  Tensor& value() { return value_; }
  bool requires_grad() const { return gradient_ && gradient_->required; }
  // For everybody who shares the gradient, from the next operation on; false also drops it.
  void set_requires_grad(bool required);
  // Undefined until a backward pass reaches this variable.
  const Tensor& grad() const { return gradient_->sum; }
  Tensor& grad() { return gradient_->sum; }
  void clear_grad() { gradient_->sum = Tensor(); }
  // Adds `grad` to the gradient: the first contribution is taken over, later ones are summed. The
  // one place where gradients meet, so that kernels only ever write. Memory that others share, such
  // as a gradient passed on to two inputs, is left as it is.
  void accumulate_grad(Tensor grad) const;
  // The same gradient without the value. Backward functions capture this for what they do not read,
  // so that the value's memory is free for reuse as soon as the forward pass is done with it.
  Variable without_value() const;

 private:
  struct Gradient {
    Tensor sum;
    bool required = false;
  };
  Tensor value_;
  std::shared_ptr<Gradient> gradient_;
};

// Is told what a tape does, for measuring.
class TapeObserver {
 public:
  virtual ~TapeObserver() = default;
  virtual void on_record() {}
  // Around the backward function of the node that was recorded as number `node`, from 0.
  virtual void before_backward(size_t /*node*/) {}
  virtual void after_backward() {}
};

class Tape {
 public:
  // Starts recording on this thread. Tapes nest: the innermost records.
  explicit Tape(TapeObserver* observer = nullptr);
  ~Tape();
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  // The recording tape of this thread, or null: then operations keep nothing for backward.
  static Tape* active();

  // Sets d(root)/d(root) = 1 and runs the recorded nodes in reverse; `root` holds one number. Each
  // node is dropped after it ran, so memory falls during the walk. Can be called once.
  void backward(const Variable& root);

  // Called with the gradient of a node's output, which is the node's own from then on: where its
  // memory is unshared() the node may write into it.
  using Backward = std::function<void(Tensor grad)>;
  // Used by operations. `output` is what the node computed; `backward` adds to the gradients of its
  // inputs, and keeps just what it needs. Its errors begin with `name`.
  void record(std::string name, const Variable& output, Backward backward);

 private:
  struct Node {
    std::string name;
    Variable output;  // without its value
    Backward backward;
  };
  std::vector<Node> nodes_;
  TapeObserver* observer_;  // may be null
  Tape* outer_;
};

// True when an operation on these inputs must be recorded now.
bool records(std::initializer_list<const Variable*> inputs);

}  // namespace weir
