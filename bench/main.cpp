// weir_bench: how fast the kernels, the training steps and the data path are on this machine.
// README.md beside this file says how to run it and how to compare two builds.
#include <cstdio>
#include <string>

#include <benchmark/benchmark.h>

#include "bench/benchmarks.h"
#include "core/base/error.h"
#include "core/kernels/gemm/blas.h"
#include "core/runtime/cpu.h"
#include "core/runtime/parallel.h"

namespace weir::bench {
namespace {

void add_benchmarks() {
  add_ceilings_benchmarks();
  add_conv2d_benchmarks();
  add_pool2d_benchmarks();
  add_pool_family_benchmarks();
  add_batch_norm_benchmarks();
  add_activation_benchmarks();
  add_dropout_benchmarks();
  add_cross_entropy_benchmarks();
  add_training_step_benchmarks();
  add_data_benchmarks();
}

// Printed above the table, and kept in its JSON form: numbers mean nothing without it.
void add_context() {
  benchmark::AddCustomContext("cpu", cpu_model());
  benchmark::AddCustomContext("isa", isa());  // settles the kernels of OpenBLAS, named next
  benchmark::AddCustomContext("blas", kernels::blas_description());
  benchmark::AddCustomContext("threads", std::to_string(threads()));
}

int run(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return static_cast<int>(ErrorKind::kUsage);
  }
  add_context();
  add_benchmarks();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace
}  // namespace weir::bench

int main(int argc, char** argv) {
  try {
    return weir::bench::run(argc, argv);
  } catch (const weir::Error& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return error.exit_code();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: internal: %s\n", error.what());
    return static_cast<int>(weir::ErrorKind::kInternal);
  }
}
