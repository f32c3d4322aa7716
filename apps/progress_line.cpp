#include "apps/progress_line.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/core.h>

namespace weir {
namespace {

constexpr double kDataShareWorthSaying = 0.05;

// A bar of `cells` columns in half-cell steps.
std::string bar(double share, int cells) {
  const int halves = static_cast<int>(std::floor(std::clamp(share, 0.0, 1.0) * cells * 2));
  std::string out;
  for (int cell = 0; cell < cells; ++cell) {
    const int filled = halves - 2 * cell;
    out += filled >= 2 ? "━" : filled == 1 ? "╸" : " ";
  }
  return out;
}

}  // namespace

std::string clock_text(double seconds) {
  const int64_t total = std::max<int64_t>(0, std::llround(seconds));
  const int64_t hours = total / 3600, minutes = total / 60 % 60, rest = total % 60;
  if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, minutes, rest);
  return fmt::format("{}:{:02}", minutes, rest);
}

std::string duration_text(double seconds) {
  const int64_t total = std::max<int64_t>(0, std::llround(seconds));
  if (total < 60) return fmt::format("{:.1f} s", std::max(0.0, seconds));
  if (total < 3600) return fmt::format("{} min {:02} s", total / 60, total % 60);
  return fmt::format("{} h {:02} min", total / 3600, total / 60 % 60);
}

std::string progress_line(const BatchProgress& p, int width) {
  const int digits = static_cast<int>(fmt::formatted_size("{}", p.epochs));
  const int batch_digits = static_cast<int>(fmt::formatted_size("{}", p.batches));
  const std::string head = fmt::format("epoch {:>{}}/{}", p.epoch, digits, p.epochs);
  // In falling order of importance: what does not fit is left out from the back.
  std::vector<std::string> parts = {
      fmt::format("  {:>{}}/{}", p.batch, batch_digits, p.batches),
      fmt::format("  loss {:.3f}", p.loss),
      fmt::format("  acc {:.1f}", 100 * p.accuracy),
      fmt::format("  eta {}", clock_text(p.eta_s)),
      fmt::format("  {:.0f} img/s", p.images_per_s),
      fmt::format("  lr {:.1e}", p.lr),
  };
  if (p.data_share > kDataShareWorthSaying) {
    parts.push_back(fmt::format("  data {:.0f}%", 100 * p.data_share));
  }
  constexpr int kWidestBar = 20, kNarrowestBar = 8;
  std::string tail;
  // The last column stays free: some terminals wrap there.
  int room = width - 1 - static_cast<int>(head.size()) - (kNarrowestBar + 1);
  for (const std::string& part : parts) {
    if (static_cast<int>(part.size()) > room) break;
    tail += part;
    room -= static_cast<int>(part.size());
  }
  if (room < 0) return head + tail;
  const double share = p.batches > 0 ? static_cast<double>(p.batch) / p.batches : 0;
  return head + " " + bar(share, std::min(kWidestBar, room + kNarrowestBar)) + tail;
}

}  // namespace weir
