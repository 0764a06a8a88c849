#include "ui/style/style.h"

#include "settings/app_settings.h"
#include "ui/style/desktop_theme.h"
#include "ui/style/style_sheet.h"

#include <QApplication>
#include <QFont>
#include <QFontInfo>
#include <QStyleFactory>

namespace studio::ui {
namespace {

/// Japanese text must not get Chinese glyph shapes, so the fallback after the system's font is said.
QFont fontWithFallbacks(QFont font) {
  QStringList families = font.families();
  if (families.isEmpty()) families = {font.family()};
  for (const char* fallback : {"Inter", "Noto Sans", "Noto Sans CJK JP"}) {
    if (!families.contains(QLatin1String(fallback))) families.append(QLatin1String(fallback));
  }
  font.setFamilies(families);
  return font;
}

}  // namespace

Style::Style(QApplication& application, const settings::AppSettings& settings, QObject* parent)
    : QObject(parent), application_(application), settings_(settings), tokens_(Tokens::load()) {
  desktopIsDark_ = application_.palette().color(QPalette::Window).lightness() < 128;
  application_.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  application_.setFont(fontWithFallbacks(application_.font()));
  connect(&settings_.store(), &settings::Store::changed, this, [this](const QString& key) {
    if (key == settings_.theme.key()) apply();
  });
  watchDesktopTheme(this, [this](bool dark) {
    desktopIsDark_ = dark;
    apply();
  });
  apply();
}

QString Style::wantedTheme() const {
  const QString chosen = settings_.theme.get();
  if (tokens_.themes.contains(chosen)) return chosen;
  return desktopIsDark_ ? QStringLiteral("dark") : QStringLiteral("light");
}

void Style::apply() {
  const QString wanted = wantedTheme();
  if (wanted == theme_) return;
  theme_ = wanted;
  application_.setPalette(paletteFor(tokens_, theme_));
  application_.setStyleSheet(styleSheetFor(tokens_, theme_, QFontInfo(application_.font()).pointSizeF()));
  Q_EMIT themeChanged();
}

}  // namespace studio::ui
