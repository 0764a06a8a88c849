#include "ui/prompt/prompt_syntax.h"

#include <QElapsedTimer>
#include <QTest>

namespace studio::ui {

class PromptSyntaxTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void findsWeightedBrackets();
  void namesBracketsWithoutAPartner_data();
  void namesBracketsWithoutAPartner();
  void readsLoraTags();
  void seesBreakOnlyAsAWord();
  void seesAndAsAWordAndTheStepOfAnExchange();
  void readsALongPromptInLinearTime();
};

void PromptSyntaxTest::findsWeightedBrackets() {
  const PromptSyntax syntax = readPromptSyntax(u"((a) b:1.25) [c]");
  QCOMPARE(syntax.pairs.size(), std::size_t{3});
  const BracketPair& inner = syntax.pairs[0];
  QCOMPARE(inner.open, 1);
  QCOMPARE(inner.close, 3);
  QVERIFY(!inner.weight.has_value());
  const BracketPair& outer = syntax.pairs[1];
  QCOMPARE(outer.weight.value_or(0), 1.25);
  QCOMPARE(outer.contentEnd, 6);
  QVERIFY(!syntax.pairs[2].round);
  QVERIFY(syntax.unbalanced.empty());
}

void PromptSyntaxTest::namesBracketsWithoutAPartner_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<QList<int>>("positions");
  QTest::newRow("open") << QStringLiteral("a (b") << QList<int>{2};
  QTest::newRow("close") << QStringLiteral("a) b") << QList<int>{1};
  QTest::newRow("crossed") << QStringLiteral("(a]") << QList<int>{0, 2};
  QTest::newRow("escaped") << QStringLiteral("\\(a\\) \\[") << QList<int>{};
  QTest::newRow("escaped backslash") << QStringLiteral("\\\\(") << QList<int>{2};
  QTest::newRow("over lines") << QStringLiteral("(a\nb)") << QList<int>{};
  QTest::newRow("backslash at the end") << QStringLiteral("(a\\") << QList<int>{0};
}

void PromptSyntaxTest::namesBracketsWithoutAPartner() {
  QFETCH(QString, text);
  QFETCH(QList<int>, positions);
  const PromptSyntax syntax = readPromptSyntax(text);
  QCOMPARE(QList<int>(syntax.unbalanced.begin(), syntax.unbalanced.end()), positions);
}

void PromptSyntaxTest::seesAndAsAWordAndTheStepOfAnExchange() {
  const PromptSyntax syntax = readPromptSyntax(u"[a:b: 0.5] AND ANDY [c:d] [e|f]");
  QCOMPARE(syntax.joins, std::vector<int>{11});
  QCOMPARE(syntax.pairs.size(), std::size_t{3});
  QCOMPARE(syntax.pairs[0].when, 4);
  QCOMPARE(syntax.pairs[1].when, -1);
  QCOMPARE(syntax.pairs[2].when, -1);
  QVERIFY(!syntax.pairs[0].weight.has_value());
}

void PromptSyntaxTest::readsLoraTags() {
  const PromptSyntax syntax = readPromptSyntax(u"x <lora:ink wash:0.7> <LORA:b> <lora:c:1:0.5> <lora: <other:1>");
  QCOMPARE(syntax.loras.size(), std::size_t{3});
  QCOMPARE(syntax.loras[0].name, QStringLiteral("ink wash"));
  QCOMPARE(syntax.loras[0].start, 2);
  QCOMPARE(syntax.loras[0].end, 21);
  QCOMPARE(syntax.loras[0].weight.value_or(0), 0.7);
  QVERIFY(!syntax.loras[1].weight.has_value());
  QCOMPARE(syntax.loras[2].weight.value_or(0), 1.0);
}

void PromptSyntaxTest::seesBreakOnlyAsAWord() {
  const PromptSyntax syntax = readPromptSyntax(u"a BREAK b, BREAKFAST, breakBREAK BREAK");
  QCOMPARE(syntax.breaks, (std::vector<int>{2, 33}));
}

void PromptSyntaxTest::readsALongPromptInLinearTime() {
  const QString nested = QString(30'000, u'(') + QString(30'000, u')') + QString(30'000, u'<');
  QElapsedTimer timer;
  timer.start();
  const PromptSyntax syntax = readPromptSyntax(nested);
  QCOMPARE(syntax.pairs.size(), std::size_t{30'000});
  QVERIFY2(timer.elapsed() < 2000, "quadratic reading would take minutes");
}

}  // namespace studio::ui

QTEST_GUILESS_MAIN(studio::ui::PromptSyntaxTest)
#include "prompt_syntax_test.moc"
