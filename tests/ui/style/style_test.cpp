#include "ui/style/style.h"
#include "settings/app_settings.h"
#include "ui/style/icon_set.h"
#include "ui/style/style_sheet.h"
#include "ui/style/theme_colors.h"
#include "ui/style/tokens.h"

#include <QApplication>
#include <QFile>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include <algorithm>
#include <cmath>

namespace studio::ui {
namespace {

double linear(double channel) {
  return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

/// WCAG 2.1: relative luminance and contrast ratio.
double luminance(const QColor& color) {
  return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b) {
  const double first = luminance(a);
  const double second = luminance(b);
  return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

struct Rule {
  QStringList inks;
  QStringList surfaces;
  double least;
};

QStringList words(const char* text) { return QString::fromLatin1(text).split(u' '); }

}  // namespace

class StyleTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyThemeHasEveryColour() {
    const Tokens tokens = Tokens::load();
    QCOMPARE(tokens.themeNames(), words("contrast dark light"));
    for (const QString& theme : tokens.themeNames()) {
      QStringList names = tokens.themes[theme].keys();
      names.sort();
      QCOMPARE(names, words("accent accent_hover accent_text bad canvas field good hover line line_strong muted panel "
                            "text warn window"));
    }
  }

  void everyPairThatCanMeetHasEnoughContrast_data() {
    QTest::addColumn<QColor>("ink");
    QTest::addColumn<QColor>("surface");
    QTest::addColumn<double>("least");
    const Tokens tokens = Tokens::load();
    const QList<Rule> rules{
        {words("text muted good warn bad"), words("window panel field canvas hover"), 4.5},
        {words("accent_text"), words("accent accent_hover"), 4.5},
        {words("accent line_strong"), words("window panel field"), 3.0},
    };
    for (const QString& theme : tokens.themeNames()) {
      for (const Rule& rule : rules) {
        for (const QString& ink : rule.inks) {
          for (const QString& surface : rule.surfaces) {
            QTest::newRow(qPrintable(theme + u' ' + ink + QStringLiteral(" on ") + surface))
                << tokens.color(theme, ink) << tokens.color(theme, surface) << rule.least;
          }
        }
      }
    }
  }

  void everyPairThatCanMeetHasEnoughContrast() {
    QFETCH(QColor, ink);
    QFETCH(QColor, surface);
    QFETCH(double, least);
    QVERIFY2(contrast(ink, surface) >= least, qPrintable(QString::number(contrast(ink, surface))));
  }

  void theCanvasIsNeutral() {
    const Tokens tokens = Tokens::load();
    for (const QString& theme : tokens.themeNames())
      QCOMPARE(tokens.color(theme, QStringLiteral("canvas")).saturation(), 0);
  }

  void theStyleSheetHasNoTokenLeftAndItsPicturesExist() {
    const Tokens tokens = Tokens::load();
    for (const QString& theme : tokens.themeNames()) {
      const QString sheet = styleSheetFor(tokens, theme, 10.0);
      QVERIFY2(!sheet.mid(sheet.indexOf(QStringLiteral("*/"))).contains(u'@'), qPrintable(theme));
      auto pictures = QRegularExpression(QStringLiteral("url\\(([^)]+)\\)")).globalMatch(sheet);
      QVERIFY(pictures.hasNext());
      while (pictures.hasNext()) {
        const QString picture = pictures.next().captured(1);
        QVERIFY2(QFile::exists(picture), qPrintable(picture));
      }
    }
  }

  void thePaletteCarriesTheTokens() {
    const Tokens tokens = Tokens::load();
    const ThemeColors colors = ThemeColors::of(paletteFor(tokens, QStringLiteral("dark")));
    QCOMPARE(colors.canvas, tokens.color(QStringLiteral("dark"), QStringLiteral("canvas")));
    QCOMPARE(colors.good, tokens.color(QStringLiteral("dark"), QStringLiteral("good")));
    QCOMPARE(colors.warn, tokens.color(QStringLiteral("dark"), QStringLiteral("warn")));
    QCOMPARE(colors.bad, tokens.color(QStringLiteral("dark"), QStringLiteral("bad")));
    QCOMPARE(colors.lineStrong, tokens.color(QStringLiteral("dark"), QStringLiteral("line_strong")));
  }

  void choosingAThemeDressesTheApplicationAtOnce() {
    QTemporaryDir dir;
    settings::AppSettings settings(dir.filePath(QStringLiteral("s.json")));
    settings.theme.set(QStringLiteral("dark"));
    Style style(*qApp, settings);
    QCOMPARE(style.theme(), QStringLiteral("dark"));
    const QColor dark = qApp->palette().color(QPalette::Window);
    QSignalSpy spy(&style, &Style::themeChanged);
    settings.theme.set(QStringLiteral("light"));
    QCOMPARE(spy.count(), 1);
    QVERIFY(qApp->palette().color(QPalette::Window).lightness() > dark.lightness() + 100);
  }

  void listsOfDialogsHaveAGroundOfTheirOwn() {
    QTemporaryDir dir;
    settings::AppSettings settings(dir.filePath(QStringLiteral("s.json")));
    settings.theme.set(QStringLiteral("light"));
    const Style style(*qApp, settings);
    const Tokens tokens = Tokens::load();
    QStandardItemModel model(1, 2);
    model.setHorizontalHeaderLabels({QString(), QString()});
    QTreeView files;
    files.setModel(&model);
    files.resize(300, 200);
    files.show();
    const QImage drawn = files.grab().toImage();
    QCOMPARE(drawn.pixelColor(150, 150), tokens.color(QStringLiteral("light"), QStringLiteral("field")));
    QCOMPARE(drawn.pixelColor(290, 8), tokens.color(QStringLiteral("light"), QStringLiteral("panel")));
  }

  void iconsTakeTheColourOfTheTheme() {
    const Tokens tokens = Tokens::load();
    const QPalette palette = paletteFor(tokens, QStringLiteral("light"));
    const QImage drawn = themeIcon(QStringLiteral("stop"), palette).pixmap(32, 32).toImage();
    QVERIFY(!drawn.isNull());
    const QColor edge = drawn.pixelColor(8, 16);
    QVERIFY2(edge.alpha() > 200 && edge.lightness() < 60, qPrintable(edge.name(QColor::HexArgb)));
  }
};

}  // namespace studio::ui

QTEST_MAIN(studio::ui::StyleTest)
#include "style_test.moc"
