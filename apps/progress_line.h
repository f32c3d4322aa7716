// The line that is redrawn while an epoch runs:
//   epoch  3/15 ━━━━━━━━╸━━━  241/352  loss 0.412  acc 85.7  lr 3.1e-02  2140 img/s  eta 0:03
#pragma once

#include <cstdint>
#include <string>

namespace weir {

struct BatchProgress {
  int epoch = 1, epochs = 1;      // 1-based
  int batch = 0, batches = 1;     // batches done
  double loss = 0, accuracy = 0;  // mean over the epoch so far; accuracy in [0, 1]
  double lr = 0;
  double images_per_s = 0;
  double eta_s = 0;       // until the end of training
  double data_share = 0;  // of the time so far, spent waiting for data
};

// Fits `width` columns by dropping what matters least. No colours, no line end.
std::string progress_line(const BatchProgress& progress, int width);

// "12 s", "5 min 12 s", "2 h 03 min"
std::string duration_text(double seconds);
// "0:03", "12:34", "1:02:03"
std::string clock_text(double seconds);

}  // namespace weir
