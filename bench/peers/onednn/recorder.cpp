#include "bench/peers/onednn/recorder.h"

namespace weir::peers {

Recorder::Recorder(const Settings& settings)
    : settings_(settings), engine_(dnnl::engine::kind::cpu, 0) {}

void Recorder::begin_layer(const std::string& name) {
  layer_ = name;
  backward_.emplace_back();
}

Signal Recorder::allocate_signal(const dnnl::memory::desc& desc) {
  return {.value = allocate(desc), .gradient = allocate(desc)};
}

Parameter& Recorder::add_parameter(const dnnl::memory::desc& desc) {
  return parameters_.emplace_back(desc, engine_);
}

dnnl::reorder::primitive_desc Recorder::reorder(const dnnl::memory& from,
                                                const dnnl::memory& to) const {
  return {engine_, from.get_desc(), engine_, to.get_desc()};
}

dnnl::memory Recorder::converted_forward(const dnnl::memory& from, const dnnl::memory::desc& desc) {
  if (from.get_desc() == desc) return from;
  const dnnl::memory to = allocate(desc);
  forward<dnnl::reorder>("reorder", reorder(from, to), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
  return to;
}

dnnl::memory Recorder::converted_backward(const dnnl::memory& from,
                                          const dnnl::memory::desc& desc) {
  if (from.get_desc() == desc) return from;
  const dnnl::memory to = allocate(desc);
  backward<dnnl::reorder>("reorder", reorder(from, to), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
  return to;
}

std::vector<Command> Recorder::backward_commands() const {
  std::vector<Command> commands;
  for (auto layer = backward_.rbegin(); layer != backward_.rend(); ++layer) {
    commands.insert(commands.end(), layer->begin(), layer->end());
  }
  return commands;
}

}  // namespace weir::peers
