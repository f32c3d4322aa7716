// What the screen can do: colours, and lines that are redrawn in place.
#pragma once

#include <string>
#include <string_view>

namespace weir {

enum class Stream { kOut, kErr };

// "auto" (colours on a terminal, unless NO_COLOR is set or TERM is dumb), "always" or "never".
void set_color_mode(std::string_view mode);

// True when the stream is a terminal that can redraw a line.
bool is_live(Stream stream);

// Columns of the terminal behind stderr; 80 when there is none.
int terminal_width();

enum class Style { kBold, kDim, kRed, kGreen, kYellow, kInverse };

// `text` in that style when the stream shows colours, else `text` as it is.
std::string styled(std::string_view text, Style style, Stream stream);

}  // namespace weir
