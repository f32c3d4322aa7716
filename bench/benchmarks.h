// The benchmarks, written out: main() calls each of these once. A function adds the rows of its
// topic; the name of a row begins with the topic, for --benchmark_filter.
#pragma once

namespace weir::bench {

void add_ceilings_benchmarks();
void add_conv2d_benchmarks();
void add_pool2d_benchmarks();
void add_pool_family_benchmarks();
void add_batch_norm_benchmarks();
void add_activation_benchmarks();
void add_dropout_benchmarks();
void add_cross_entropy_benchmarks();
void add_training_step_benchmarks();
void add_data_benchmarks();

}  // namespace weir::bench
