#include "apps/terminal.h"

#include <cstdlib>

#include <fmt/color.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace weir {
namespace {

std::string& color_mode() {
  static std::string mode = "auto";
  return mode;
}

int descriptor(Stream stream) { return stream == Stream::kOut ? STDOUT_FILENO : STDERR_FILENO; }

bool has_colors(Stream stream) {
  if (color_mode() != "auto") return color_mode() == "always";
  const char* no_color = std::getenv("NO_COLOR");
  return is_live(stream) && (no_color == nullptr || *no_color == '\0');
}

fmt::text_style text_style(Style style) {
  switch (style) {
    case Style::kBold:
      return fmt::emphasis::bold;
    case Style::kDim:
      return fmt::emphasis::faint;
    case Style::kRed:
      return fmt::fg(fmt::terminal_color::red) | fmt::emphasis::bold;
    case Style::kGreen:
      return fmt::fg(fmt::terminal_color::green);
    case Style::kYellow:
      return fmt::fg(fmt::terminal_color::yellow);
    case Style::kInverse:
      return fmt::emphasis::reverse;
  }
  return {};
}

}  // namespace

void set_color_mode(std::string_view mode) { color_mode() = mode; }

bool is_live(Stream stream) {
  const char* terminal = std::getenv("TERM");
  const bool is_dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
  return !is_dumb && ::isatty(descriptor(stream)) == 1;
}

int terminal_width() {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

std::string styled(std::string_view text, Style style, Stream stream) {
  if (!has_colors(stream)) return std::string(text);
  return fmt::format(text_style(style), "{}", text);
}

}  // namespace weir
