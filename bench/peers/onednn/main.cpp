// A whole training step written on oneDNN: the strongest peer that Debian can supply. Prints one
// JSON line with the images per second of each slice.
#include <chrono>
#include <cstdio>
#include <exception>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <omp.h>
#include <sys/resource.h>

#include "bench/peers/onednn/check.h"
#include "bench/peers/onednn/networks.h"
#include "bench/peers/onednn/settings.h"
#include "bench/peers/onednn/training_step.h"

namespace weir::peers {
namespace {

struct Run {
  Settings settings;
  std::string precision = "fp32";
  std::string layout = "any";
  std::string algorithm = "direct";
  int threads = 2;
  int slices = 1;
  double seconds = 2.5;
  bool check = false;
  bool layers = false;
};

const std::map<std::string, dnnl::algorithm>& algorithms() {
  static const std::map<std::string, dnnl::algorithm> named = {
      {"direct", dnnl::algorithm::convolution_direct},
      {"winograd", dnnl::algorithm::convolution_winograd},
      {"auto", dnnl::algorithm::convolution_auto}};
  return named;
}

void add_options(CLI::App& app, Run& run) {
  app.add_option("net", run.settings.net, "network")->check(CLI::IsMember(network_names()));
  app.add_option("--precision", run.precision, "of activations and their gradients")
      ->check(CLI::IsMember({"fp32", "bf16"}))
      ->capture_default_str();
  app.add_option("--layout", run.layout, "of activations; any: as oneDNN chooses")
      ->check(CLI::IsMember({"any", "channels_last"}))
      ->capture_default_str();
  app.add_option("--algorithm", run.algorithm, "of convolutions; winograd: where oneDNN has it")
      ->check(CLI::IsMember({"direct", "winograd", "auto"}))
      ->capture_default_str();
  app.add_option("--batch", run.settings.batch)->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--threads", run.threads)->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--seconds", run.seconds, "length of a slice")->capture_default_str();
  app.add_option("--slices", run.slices)->check(CLI::PositiveNumber)->capture_default_str();
  app.add_flag("--layers", run.layers, "print what each primitive costs instead");
  app.add_flag("--check", run.check, "compare layers with plain loops, and see the loss fall");
}

double images_per_second(TrainingStep& step, int batch, double seconds) {
  using Clock = std::chrono::steady_clock;
  int steps = 0;
  const Clock::time_point start = Clock::now();
  std::chrono::duration<double> elapsed{};
  do {
    step.run();
    ++steps;
    elapsed = Clock::now() - start;
  } while (elapsed.count() < seconds);
  return steps * batch / elapsed.count();
}

double peak_rss_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void measure(const Run& run) {
  TrainingStep step(run.settings);
  const float first_loss = step.run();
  const auto slice = [&](double seconds) {
    return images_per_second(step, run.settings.batch, seconds);
  };
  slice(run.seconds / 5);  // warms up
  std::vector<double> rates;
  for (int i = 0; i < run.slices; ++i) rates.push_back(slice(run.seconds));
  const dnnl_version_t& version = *dnnl_version();
  const nlohmann::ordered_json report = {
      {"system", fmt::format("oneDNN {}.{}.{}", version.major, version.minor, version.patch)},
      {"net", run.settings.net},
      {"precision", run.precision},
      {"batch", run.settings.batch},
      {"threads", run.threads},
      {"setting", run.layout + " " + run.algorithm},
      {"batch_norm", false},
      {"dropout", false},
      {"parameters", step.parameter_count()},
      {"loss", {first_loss, step.run()}},
      {"peak_rss_mb", peak_rss_mb()},
      {"img_per_s", rates}};
  fmt::print("{}\n", report.dump());
}

void print_layers(const Run& run) {
  TrainingStep step(run.settings);
  step.run();
  double total = 0;
  for (const CommandTime& time : step.profile(5)) {
    fmt::print("{:<14} {:<22} {:9.3f} ms  {}\n", time.layer, time.what, time.milliseconds,
               time.implementation);
    total += time.milliseconds;
  }
  fmt::print("{:<37} {:9.3f} ms\n", "all primitives", total);
}

int run_program(int argc, char** argv) {
  Run run;
  CLI::App app("Whole training steps on oneDNN, on synthetic pictures.");
  add_options(app, run);
  CLI11_PARSE(app, argc, argv);
  run.settings.bf16 = run.precision == "bf16";
  run.settings.channels_last = run.layout == "channels_last";
  run.settings.convolution = algorithms().at(run.algorithm);
  omp_set_num_threads(run.threads);
  if (run.check) return check(run.settings) ? 0 : 1;
  if (run.layers) {
    print_layers(run);
  } else {
    measure(run);
  }
  return 0;
}

}  // namespace
}  // namespace weir::peers

// Exit status 77 says that the library lacks something here, as CTest's tests do.
int main(int argc, char** argv) {
  constexpr int kUnsupported = 77;
  try {
    return weir::peers::run_program(argc, argv);
  } catch (const dnnl::error& error) {
    fmt::print(stderr, "error: oneDNN: {}\n", error.message);
    return error.status == dnnl_unimplemented ? kUnsupported : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 1;
  }
}
