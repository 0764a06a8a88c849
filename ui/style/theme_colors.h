#pragma once

#include <QColor>
#include <QPalette>

namespace studio::ui {

/// Colours for widgets that paint themselves, taken from the palette the style has set.
/// (The palette carries all of them, so a widget needs no reference to the style.)
struct ThemeColors {
  QColor window, panel, field, canvas, hover;
  QColor line, lineStrong;
  QColor text, muted;
  QColor accent, accentText;
  QColor good, warn, bad;

  static ThemeColors of(const QPalette& palette);
};

}  // namespace studio::ui
