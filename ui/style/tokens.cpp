#include "ui/style/tokens.h"

#include <QFile>

#include <toml++/toml.h>

namespace studio::ui {
namespace {

QString fromToml(const toml::key& key) {
  return QString::fromUtf8(key.str().data(), static_cast<qsizetype>(key.str().size()));
}

QHash<QString, QColor> readTheme(const toml::table& table) {
  QHash<QString, QColor> colors;
  for (const auto& [key, value] : table) {
    const QColor color(QString::fromStdString(value.value_or(std::string())));
    Q_ASSERT_X(color.isValid(), "tokens.toml", qPrintable(fromToml(key)));
    colors.insert(fromToml(key), color);
  }
  return colors;
}

}  // namespace

Tokens Tokens::load() {
  QFile file(QStringLiteral(":/styles/tokens.toml"));
  const bool opened = file.open(QIODevice::ReadOnly);
  Q_ASSERT(opened);
  Q_UNUSED(opened);
  const toml::table root = toml::parse(file.readAll().toStdString());
  Tokens tokens;
  for (const auto& [key, value] : *root["metrics"].as_table()) tokens.metrics.insert(fromToml(key), value.value_or(0));
  for (const auto& [key, value] : *root["fonts"].as_table()) tokens.fonts.insert(fromToml(key), value.value_or(1.0));
  for (const auto& [key, value] : *root["themes"].as_table())
    tokens.themes.insert(fromToml(key), readTheme(*value.as_table()));
  return tokens;
}

QStringList Tokens::themeNames() const {
  QStringList names = themes.keys();
  names.sort();
  return names;
}

QColor Tokens::color(const QString& theme, const QString& name) const { return themes.value(theme).value(name); }

}  // namespace studio::ui
