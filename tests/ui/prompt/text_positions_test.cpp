#include "ui/prompt/text_positions.h"

#include <QTest>

namespace studio::ui {

class TextPositionsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void turnsBytesOfUtf8IntoUtf16Positions();
  void keepsOffsetsInsideTheText();
  void putsAWordIntoACommaList_data();
  void putsAWordIntoACommaList();
  void knowsWhichWordsAreThere();
};

void TextPositionsTest::turnsBytesOfUtf8IntoUtf16Positions() {
  const QString text = QString::fromUtf8("aé桜🌸b");  // 1 + 2 + 3 + 4 + 1 bytes, 1 + 1 + 1 + 2 + 1 units
  QCOMPARE(utf16Positions(text, {0, 1, 3, 6, 10, 11}), (std::vector<int>{0, 1, 2, 3, 5, 6}));
}

void TextPositionsTest::keepsOffsetsInsideTheText() {
  const QString text = QString::fromUtf8("桜🌸");
  QCOMPARE(utf16Positions(text, {1, 5, 900}), (std::vector<int>{0, 1, 3}));
  QVERIFY(utf16Positions(text, {}).empty());
}

void TextPositionsTest::putsAWordIntoACommaList_data() {
  QTest::addColumn<QString>("before");
  QTest::addColumn<QString>("expected");
  QTest::newRow("empty") << QStringLiteral("|") << QStringLiteral("ink");
  QTest::newRow("end") << QStringLiteral("a cat|") << QStringLiteral("a cat, ink");
  QTest::newRow("after a comma") << QStringLiteral("a cat,|") << QStringLiteral("a cat, ink");
  QTest::newRow("after comma and space") << QStringLiteral("a cat, |") << QStringLiteral("a cat, ink");
  QTest::newRow("start") << QStringLiteral("|a cat") << QStringLiteral("ink, a cat");
  QTest::newRow("before a comma") << QStringLiteral("a cat|, b") << QStringLiteral("a cat, ink, b");
}

void TextPositionsTest::putsAWordIntoACommaList() {
  QFETCH(QString, before);
  QFETCH(QString, expected);
  const int position = static_cast<int>(before.indexOf(u'|'));
  QString text = QString(before).remove(u'|');
  text.insert(position, listItemAt(text, position, QStringLiteral("ink")));
  QCOMPARE(text, expected);
}

void TextPositionsTest::knowsWhichWordsAreThere() {
  QVERIFY(hasListItem(QStringLiteral("a cat, Ink wash ,x"), QStringLiteral("ink wash")));
  QVERIFY(!hasListItem(QStringLiteral("a cat, ink wash"), QStringLiteral("ink")));
}

}  // namespace studio::ui

QTEST_GUILESS_MAIN(studio::ui::TextPositionsTest)
#include "text_positions_test.moc"
