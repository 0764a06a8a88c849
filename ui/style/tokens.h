#pragma once

#include <QColor>
#include <QHash>
#include <QString>
#include <QStringList>

namespace studio::ui {

/// resources/styles/tokens.toml as values. Built into the program, so a mistake in it is our own: reading asserts.
struct Tokens {
  QHash<QString, int> metrics;   ///< pixels
  QHash<QString, double> fonts;  ///< relative to the system font
  QHash<QString, QHash<QString, QColor>> themes;

  static Tokens load();
  QStringList themeNames() const;
  QColor color(const QString& theme, const QString& name) const;
};

}  // namespace studio::ui
