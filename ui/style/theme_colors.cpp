#include "ui/style/theme_colors.h"

namespace studio::ui {

ThemeColors ThemeColors::of(const QPalette& palette) {
  ThemeColors colors;
  colors.window = palette.color(QPalette::Window);
  colors.panel = palette.color(QPalette::Button);
  colors.field = palette.color(QPalette::Base);
  colors.canvas = palette.color(QPalette::AlternateBase);
  colors.hover = palette.color(QPalette::Midlight);
  colors.line = palette.color(QPalette::Mid);
  colors.lineStrong = palette.color(QPalette::Dark);
  colors.text = palette.color(QPalette::Active, QPalette::WindowText);
  colors.muted = palette.color(QPalette::Active, QPalette::PlaceholderText);
  colors.accent = palette.color(QPalette::Active, QPalette::Highlight);
  colors.accentText = palette.color(QPalette::Active, QPalette::HighlightedText);
  colors.good = palette.color(QPalette::LinkVisited);
  colors.warn = palette.color(QPalette::Light);
  colors.bad = palette.color(QPalette::BrightText);
  return colors;
}

}  // namespace studio::ui
