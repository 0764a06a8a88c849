#include "ui/style/icon_set.h"

#include "ui/style/theme_colors.h"

#include <QFile>
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

namespace studio::ui {
namespace {

QPixmap drawn(const QByteArray& svg, const QColor& color, int side) {
  QByteArray colored = svg;
  colored.replace("currentColor", color.name().toLatin1());
  QSvgRenderer renderer(colored);
  QPixmap pixmap(side, side);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  renderer.render(&painter);
  return pixmap;
}

}  // namespace

QIcon themeIcon(const QString& name, const QPalette& palette) {
  QFile file(QStringLiteral(":/icons/plain/") + name + QStringLiteral(".svg"));
  if (!file.open(QIODevice::ReadOnly)) return {};
  const QByteArray svg = file.readAll();
  const ThemeColors colors = ThemeColors::of(palette);
  QIcon icon;
  for (const int side : {16, 20, 24, 32, 40, 48}) {
    icon.addPixmap(drawn(svg, colors.text, side), QIcon::Normal);
    icon.addPixmap(drawn(svg, colors.muted, side), QIcon::Disabled);
  }
  return icon;
}

}  // namespace studio::ui
