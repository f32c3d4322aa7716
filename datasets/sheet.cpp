#include "datasets/sheet.h"

#include <algorithm>

#include "core/base/error.h"
#include "datasets/drawing.h"
#include "datasets/font.h"
#include "datasets/image_planes.h"

namespace weir {
namespace {

constexpr Colour kPaper{255, 255, 255}, kText{40, 44, 52};
constexpr int kMargin = 12, kGap = 3;
constexpr float kTextSize = 11;

int widest(const std::vector<std::string>& classes) {
  float width = 0;
  for (const std::string& name : classes) width = std::max(width, text_width(name, kTextSize));
  return static_cast<int>(width) + 1;
}

// Where things stand on the sheet, in pixels.
struct Layout {
  int64_t left;  // of the pictures; the names are left of it
  int64_t cell_width, cell_height;
  int64_t width, height;
};

Layout lay_out(const Images& images, const std::vector<std::string>& classes,
               const SheetOptions& options) {
  require(options.per_class >= 1 && options.scale >= 1,
          "contact sheet: expected at least 1 picture a class and a scale of at least 1, found {} "
          "and {}",
          options.per_class, options.scale);
  require(images.channels == 1 || images.channels == 3,
          "contact sheet: pictures must have 1 or 3 channels, found {}", images.channels);
  constexpr int64_t kLineHeight = 16;
  Layout layout;
  layout.left = 2 * kMargin + widest(classes);
  layout.cell_width = int64_t{images.width} * options.scale + kGap;
  layout.cell_height = std::max(int64_t{images.height} * options.scale, kLineHeight) + kGap;
  layout.width = layout.left + layout.cell_width * options.per_class + kMargin;
  layout.height = layout.cell_height * static_cast<int64_t>(classes.size()) + 2 * kMargin;
  require(layout.width <= kMaxPictureSide && layout.height <= kMaxPictureSide,
          "contact sheet: {} x {} pixels are too many (at most {} each way); take fewer pictures a "
          "class or a smaller scale",
          layout.width, layout.height, kMaxPictureSide);
  return layout;
}

}  // namespace

Picture contact_sheet(const Images& images, const std::vector<std::string>& classes,
                      const SheetOptions& options) {
  const Layout layout = lay_out(images, classes, options);
  Drawing drawing(static_cast<int>(layout.width), static_cast<int>(layout.height), kPaper);
  for (size_t k = 0; k < classes.size(); ++k) {
    const auto middle =
        static_cast<float>(kMargin + layout.cell_height * k + layout.cell_height / 2);
    draw_text(drawing, {kMargin, middle + kTextSize / 2}, classes[k],
              {.size = kTextSize, .colour = kText});
  }
  std::vector<int> drawn(classes.size());
  for (int i = 0; i < images.count(); ++i) {
    const int label = images.labels[i];
    require(label >= 0 && label < static_cast<int>(classes.size()),
            "contact sheet: picture {} has label {}, but there are {} class names", i, label,
            classes.size());
    if (drawn[label] == options.per_class) continue;
    const int64_t x = layout.left + layout.cell_width * drawn[label]++;
    const int64_t y = kMargin + layout.cell_height * label;
    drawing.paste(as_rgb(picture_of(images, i)), static_cast<int>(x), static_cast<int>(y),
                  options.scale);
  }
  return drawing.picture();
}

}  // namespace weir
