#include "ui/style/style_sheet.h"

#include <QFile>

#include <algorithm>

namespace studio::ui {
namespace {

struct Replacement {
  QString name;
  QString value;
};

/// Longest names first, so that @accent does not eat into @accent_text.
void sortLongestFirst(QList<Replacement>& replacements) {
  std::sort(replacements.begin(), replacements.end(),
            [](const Replacement& a, const Replacement& b) { return a.name.size() > b.name.size(); });
}

QList<Replacement> replacementsFor(const Tokens& tokens, const QString& theme, double basePointSize) {
  QList<Replacement> list{{QStringLiteral("@icons"), QStringLiteral(":/icons/") + theme}};
  const auto& colors = tokens.themes[theme];
  for (auto it = colors.begin(); it != colors.end(); ++it) list.append({u'@' + it.key(), it.value().name()});
  for (auto it = tokens.metrics.begin(); it != tokens.metrics.end(); ++it) {
    list.append({QStringLiteral("@px-") + it.key(), QString::number(it.value()) + QStringLiteral("px")});
  }
  for (auto it = tokens.fonts.begin(); it != tokens.fonts.end(); ++it) {
    list.append({QStringLiteral("@pt-") + it.key(),
                 QString::number(basePointSize * it.value(), 'f', 1) + QStringLiteral("pt")});
  }
  sortLongestFirst(list);
  return list;
}

}  // namespace

QString styleSheetFor(const Tokens& tokens, const QString& theme, double basePointSize) {
  QFile file(QStringLiteral(":/styles/studio.qss"));
  const bool opened = file.open(QIODevice::ReadOnly);
  Q_ASSERT(opened);
  Q_UNUSED(opened);
  QString sheet = QString::fromUtf8(file.readAll());
  for (const Replacement& replacement : replacementsFor(tokens, theme, basePointSize)) {
    sheet.replace(replacement.name, replacement.value);
  }
  return sheet;
}

QPalette paletteFor(const Tokens& tokens, const QString& theme) {
  const auto color = [&](const char* name) { return tokens.color(theme, QString::fromLatin1(name)); };
  QPalette palette;
  palette.setColor(QPalette::Window, color("window"));
  palette.setColor(QPalette::WindowText, color("text"));
  palette.setColor(QPalette::Base, color("field"));
  palette.setColor(QPalette::Text, color("text"));
  palette.setColor(QPalette::Button, color("panel"));
  palette.setColor(QPalette::ButtonText, color("text"));
  palette.setColor(QPalette::PlaceholderText, color("muted"));
  palette.setColor(QPalette::ToolTipBase, color("panel"));
  palette.setColor(QPalette::ToolTipText, color("text"));
  palette.setColor(QPalette::Highlight, color("accent"));
  palette.setColor(QPalette::HighlightedText, color("accent_text"));
  palette.setColor(QPalette::Link, color("accent"));
  // Roles that Fusion barely uses, as carriers of our own tokens.
  palette.setColor(QPalette::AlternateBase, color("canvas"));
  palette.setColor(QPalette::Midlight, color("hover"));
  palette.setColor(QPalette::Mid, color("line"));
  palette.setColor(QPalette::Dark, color("line_strong"));
  palette.setColor(QPalette::LinkVisited, color("good"));
  palette.setColor(QPalette::Light, color("warn"));
  palette.setColor(QPalette::BrightText, color("bad"));
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
    palette.setColor(QPalette::Disabled, role, color("muted"));
  }
  return palette;
}

}  // namespace studio::ui
