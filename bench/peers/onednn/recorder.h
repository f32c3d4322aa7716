#pragma once

#include <list>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <oneapi/dnnl/dnnl.hpp>

#include "bench/peers/onednn/parameter.h"
#include "bench/peers/onednn/settings.h"

namespace weir::peers {

using Arguments = std::unordered_map<int, dnnl::memory>;

// One call of oneDNN with its memory.
struct Command {
  std::string layer;
  std::string what;
  std::string implementation;  // oneDNN's name for the kernel that it chose
  dnnl::primitive primitive;
  Arguments arguments;
};

// A map between two layers. The pictures have no gradient.
struct Signal {
  dnnl::memory value;
  dnnl::memory gradient;

  bool has_gradient() const { return static_cast<bool>(gradient); }
  dnnl::memory::desc desc() const { return value.get_desc(); }
  dnnl::memory::dims dims() const { return desc().dims(); }
};

// Collects what the layers have to run in each step, and owns their parameters. All memory is
// allocated while recording.
class Recorder {
 public:
  explicit Recorder(const Settings& settings);

  const Settings& settings() const { return settings_; }
  const dnnl::engine& engine() const { return engine_; }

  // Everything recorded from here on belongs to this layer.
  void begin_layer(const std::string& name);

  template <class Primitive>
  void forward(const std::string& what, const typename Primitive::primitive_desc& desc,
               const Arguments& arguments) {
    forward_.push_back(command<Primitive>(what, desc, arguments));
  }
  // Layers run backward in reverse order, the commands within a layer in the order of recording.
  template <class Primitive>
  void backward(const std::string& what, const typename Primitive::primitive_desc& desc,
                const Arguments& arguments) {
    backward_.back().push_back(command<Primitive>(what, desc, arguments));
  }

  dnnl::memory allocate(const dnnl::memory::desc& desc) { return {desc, engine_}; }
  // Value and gradient of one layout.
  Signal allocate_signal(const dnnl::memory::desc& desc);
  Parameter& add_parameter(const dnnl::memory::desc& desc);
  // The memory itself when it has this form; else a copy, converted whenever the pass comes here.
  dnnl::memory converted_forward(const dnnl::memory& from, const dnnl::memory::desc& desc);
  dnnl::memory converted_backward(const dnnl::memory& from, const dnnl::memory::desc& desc);

  // In the order in which they run.
  std::vector<Command> forward_commands() const { return forward_; }
  std::vector<Command> backward_commands() const;
  std::list<Parameter>& parameters() { return parameters_; }

 private:
  template <class Primitive>
  Command command(const std::string& what, const typename Primitive::primitive_desc& desc,
                  const Arguments& arguments) {
    return {.layer = layer_,
            .what = what,
            .implementation = desc.impl_info_str(),
            .primitive = Primitive(desc),
            .arguments = arguments};
  }
  dnnl::reorder::primitive_desc reorder(const dnnl::memory& from, const dnnl::memory& to) const;

  Settings settings_;
  dnnl::engine engine_;
  std::string layer_;
  std::vector<Command> forward_;
  std::vector<std::vector<Command>> backward_;  // by layer
  std::list<Parameter> parameters_;             // a list: layers keep references
};

}  // namespace weir::peers
