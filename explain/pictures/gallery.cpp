#include "explain/pictures/gallery.h"

#include <algorithm>
#include <span>

#include "core/base/error.h"
#include "datasets/drawing.h"
#include "datasets/font.h"

namespace weir {
namespace {

// The warning is vermillion of the palette of Okabe and Ito (2008).
constexpr Colour kPaper{255, 255, 255}, kText{40, 44, 52}, kWarning{213, 94, 0};
constexpr int kMargin = 14, kBetween = 3, kGap = 14, kLineHeight = 15, kTitleHeight = 26;
constexpr float kTextSize = 8.5f, kTitleSize = 11;

// Small enough for the room that there is.
void draw_fitting(Drawing& drawing, Point at, const std::string& text, float room,
                  TextStyle style) {
  style.size =
      std::min(style.size, style.size * room / std::max(text_width(text, style.size), 1.f));
  draw_text(drawing, at, text, style);
}

struct Layout {
  int64_t tile_width, tile_height, width, height;
};

Layout lay_out(std::span<const GalleryTile> tiles, const GalleryOptions& options) {
  require(options.side >= 1 && options.columns >= 1 && options.rows >= 1,
          "gallery: expected a side, columns and rows of at least 1, found {}, {} and {}",
          options.side, options.columns, options.rows);
  size_t lines = 0;
  for (const GalleryTile& tile : tiles) lines = std::max(lines, tile.lines.size());
  const int64_t columns = std::min<int64_t>(options.columns, std::ssize(tiles));
  const int64_t rows = (std::ssize(tiles) + options.columns - 1) / options.columns;
  Layout layout{};
  layout.tile_width = int64_t{2} * options.side + kBetween + kGap;
  layout.tile_height = options.side + kLineHeight * static_cast<int64_t>(lines) + kGap;
  layout.width = 2 * kMargin + columns * layout.tile_width - kGap;
  layout.height = 2 * kMargin + kTitleHeight + rows * layout.tile_height - kGap;
  require(layout.width <= kMaxPictureSide && layout.height <= kMaxPictureSide,
          "gallery: {} x {} pixels are too many (at most {} each way)", layout.width, layout.height,
          kMaxPictureSide);
  return layout;
}

void draw_tile(Drawing& drawing, const GalleryTile& tile, int left, int top, int side) {
  drawing.paste(tile.left, left, top, 1);
  drawing.paste(tile.right, left + side + kBetween, top, 1);
  for (size_t i = 0; i < tile.lines.size(); ++i) {
    const int base = top + side + kLineHeight * (static_cast<int>(i) + 1) - 3;
    draw_fitting(drawing, {static_cast<float>(left), static_cast<float>(base)}, tile.lines[i],
                 static_cast<float>(2 * side + kBetween),
                 {.size = kTextSize, .colour = tile.stands_out ? kWarning : kText});
  }
}

Picture draw_sheet(std::span<const GalleryTile> tiles, const GalleryOptions& options) {
  const Layout layout = lay_out(tiles, options);
  Drawing drawing(static_cast<int>(layout.width), static_cast<int>(layout.height), kPaper);
  draw_fitting(drawing, {kMargin, kMargin + kTitleSize}, options.title,
               static_cast<float>(layout.width - 2 * kMargin),
               {.size = kTitleSize, .colour = kText, .bold = true});
  for (int i = 0; i < static_cast<int>(tiles.size()); ++i) {
    draw_tile(drawing, tiles[static_cast<size_t>(i)],
              kMargin + i % options.columns * static_cast<int>(layout.tile_width),
              kMargin + kTitleHeight + i / options.columns * static_cast<int>(layout.tile_height),
              options.side);
  }
  return drawing.picture();
}

}  // namespace

std::vector<Picture> draw_gallery(const std::vector<GalleryTile>& tiles,
                                  const GalleryOptions& options) {
  std::vector<Picture> sheets;
  const size_t most = static_cast<size_t>(options.columns) * static_cast<size_t>(options.rows);
  for (size_t first = 0; first < tiles.size(); first += most) {
    const size_t count = std::min(most, tiles.size() - first);
    sheets.push_back(draw_sheet(std::span(tiles).subspan(first, count), options));
  }
  return sheets;
}

}  // namespace weir
