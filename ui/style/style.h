#pragma once

#include "ui/style/tokens.h"

#include <QObject>

class QApplication;

namespace studio::settings {
class AppSettings;
}

namespace studio::ui {

/// Dresses the application: Fusion, our palette and style sheet, fonts. Follows the theme setting and, for
/// "system", the desktop.
class Style : public QObject {
  Q_OBJECT

 public:
  Style(QApplication& application, const settings::AppSettings& settings, QObject* parent = nullptr);

  /// dark, light or contrast: what is shown now.
  QString theme() const { return theme_; }

 Q_SIGNALS:
  void themeChanged();

 private:
  void apply();
  QString wantedTheme() const;

  QApplication& application_;
  const settings::AppSettings& settings_;
  Tokens tokens_;
  QString theme_;
  bool desktopIsDark_ = false;
};

}  // namespace studio::ui
