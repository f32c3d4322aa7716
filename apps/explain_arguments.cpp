#include "apps/explain_arguments.h"

#include "core/base/error.h"

namespace weir {

void add_method_options(Command& command, MethodArguments& arguments) {
  command.add_choice("--method", arguments.method, explain_method_names(), "How (default cam)");
  command
      .add_option("--layer", arguments.layer,
                  "grad-cam, deconvnet: a layer with maps; by default the last one before the head")
      ->type_name("NAME");
  command
      .add_option("--window", arguments.window,
                  "occlusion: side of the grey square, in pixels (default 8)")
      ->type_name("N");
  command
      .add_option("--stride", arguments.stride,
                  "occlusion: pixels from one place of it to the next (default 2)")
      ->type_name("N");
}

ExplainOptions explain_options(const MethodArguments& arguments) {
  const bool slides = find_explain_method(arguments.method).slides;
  require(slides || (!arguments.window && !arguments.stride),
          "--window and --stride belong to --method occlusion, found {}", arguments.method);
  ExplainOptions options{.method = arguments.method, .layer = arguments.layer, .occlusion = {}};
  options.occlusion.window = arguments.window.value_or(options.occlusion.window);
  options.occlusion.stride = arguments.stride.value_or(options.occlusion.stride);
  return options;
}

}  // namespace weir
