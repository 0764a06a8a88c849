#include "ui/prompt/weight_edit.h"

#include <QTest>

namespace studio::ui {
namespace {

/// A text with its marked range written as "a |cat| b"; one bar is a bare cursor.
struct Marked {
  QString text;
  TextRange range;
};

Marked marked(const QString& written) {
  const int first = static_cast<int>(written.indexOf(u'|'));
  const int last = static_cast<int>(written.lastIndexOf(u'|'));
  QString text = written;
  text.remove(u'|');
  return {text, {first, last > first ? last - 1 : first}};
}

QString written(const QString& text, TextRange range) {
  QString result = text;
  if (range.end > range.start) result.insert(range.end, u'|');
  return result.insert(range.start, u'|');
}

/// The text after the key, marks included; the same text when nothing happened.
QString after(const QString& before, int steps) {
  const Marked start = marked(before);
  const auto edit = changeWeight(start.text, start.range, steps);
  if (!edit) return before;
  QString text = start.text;
  text.replace(edit->replaced.start, edit->replaced.end - edit->replaced.start, edit->replacement);
  return written(text, edit->selection);
}

}  // namespace

class WeightEditTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void changesTheWeightOfSelectionBracketOrWord_data();
  void changesTheWeightOfSelectionBracketOrWord();
  void leavesTheTextAloneWhereThereIsNothingToWeigh_data();
  void leavesTheTextAloneWhereThereIsNothingToWeigh();
  void comesBackToThePlainTextAfterAsManyStepsDownAsUp();
  void survivesRangesOutsideTheText();
  void writesWeightsWithoutRoundingNoise();
};

void WeightEditTest::changesTheWeightOfSelectionBracketOrWord_data() {
  QTest::addColumn<QString>("before");
  QTest::addColumn<int>("steps");
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* name, const char* before, int steps, const char* expected) {
    QTest::newRow(name) << QString::fromUtf8(before) << steps << QString::fromUtf8(expected);
  };
  row("word under the cursor", "a c|at sleeps", 1, "a (c|at:1.1) sleeps");
  row("cursor at the word's end", "a cat|, sleeping", 1, "a (cat|:1.1), sleeping");
  row("word down", "a c|at", -1, "a (c|at:0.9)");
  row("hyphen and underscore belong to the word", "soft-li|ght_beam x", 1, "(soft-li|ght_beam:1.1) x");
  row("Japanese word between Japanese commas", "桜、静か|な池、朝", 1, "桜、(静か|な池:1.1)、朝");
  row("selection", "a |red cat| sleeps", 1, "a (|red cat|:1.1) sleeps");
  row("selection without its outer spaces", "a| red cat |sleeps", 1, "a (|red cat|:1.1) sleeps");
  row("selected content of a bracket", "a (|cat|:1.1)", 1, "a (|cat|:1.2)");
  row("selected whole bracket", "a |(cat:1.1)|", 1, "a (|cat|:1.2)");
  row("bracket around the cursor", "a (red c|at:1.2) x", 1, "a (red c|at:1.3) x");
  row("cursor in the number", "a (cat:1.|2)", -1, "a (cat|:1.1)");
  row("innermost bracket wins", "((re|d:1.2) cat:1.1)", 1, "((re|d:1.3) cat:1.1)");
  row("outer bracket when the cursor is beside the inner", "((red:1.2) c|at:1.1)", 1, "((red:1.2) c|at:1.2)");
  row("weight one takes the brackets away", "a (c|at:1.1) x", -1, "a c|at x");
  row("weight one from below", "a (c|at:0.9) x", 1, "a c|at x");
  row("one bracket is 1.1", "(c|at)", 1, "(c|at:1.2)");
  row("two brackets are 1.2", "((c|at))", 1, "(c|at:1.3)");
  row("square bracket is 0.9", "[c|at]", -1, "(c|at:0.8)");
  row("square bracket up is plain", "[c|at]", 1, "c|at");
  row("weights go below zero", "(c|at:0.0)", -1, "(c|at:-0.1)");
  row("other steps than ours are kept", "(c|at:1.25)", 1, "(c|at:1.35)");
  row("bracket over two lines", "(a\nc|at:1.2)", 1, "(a\nc|at:1.3)");
  row("escaped bracket is no bracket", "\\(c|at\\) x", 1, "\\((c|at:1.1)\\) x");
  row("LoRA tag by its own step", "x <lora:in|k:0.8> y", 1, "x <lora:in|k:0.85> y");
  row("LoRA tag down", "<lora:in|k:0.8>", -1, "<lora:in|k:0.75>");
  row("LoRA tag stays at one", "<lora:in|k:0.95>", 1, "<lora:in|k:1.0>");
  row("LoRA tag without a weight", "<lora:in|k>", -1, "<lora:in|k:0.95>");
  row("LoRA tag with a second weight", "<lora:in|k:0.8:0.5>", 1, "<lora:in|k:0.85:0.5>");
  row("LoRA tag inside a bracket", "(cat <lora:in|k:0.8>:1.2)", 1, "(cat <lora:in|k:0.85>:1.2)");
  row("selected LoRA tag", "|<lora:ink:0.8>| x", 1, "|<lora:ink:0.85>| x");
}

void WeightEditTest::changesTheWeightOfSelectionBracketOrWord() {
  QFETCH(QString, before);
  QFETCH(int, steps);
  QFETCH(QString, expected);
  QCOMPARE(after(before, steps), expected);
}

void WeightEditTest::leavesTheTextAloneWhereThereIsNothingToWeigh_data() {
  QTest::addColumn<QString>("before");
  for (const char* text :
       {"|", "a , | b", "|   | x", "a |(cat| b)", "|<lora:in|k:abc>", "BRE|AK", "[a:b|:0.5]", "(|)", "a |cat (x| y"}) {
    QTest::newRow(text) << QString::fromUtf8(text);
  }
}

void WeightEditTest::leavesTheTextAloneWhereThereIsNothingToWeigh() {
  QFETCH(QString, before);
  QCOMPARE(after(before, 1), before);
}

void WeightEditTest::comesBackToThePlainTextAfterAsManyStepsDownAsUp() {
  const QString start = QStringLiteral("a cherry |tree in bloom");
  QString text = start;
  for (int i = 0; i < 7; ++i) text = after(text, 1);
  QCOMPARE(text, QStringLiteral("a cherry (|tree:1.7) in bloom"));
  for (int i = 0; i < 7; ++i) text = after(text, -1);
  QCOMPARE(text, start);
}

void WeightEditTest::survivesRangesOutsideTheText() {
  const auto edit = changeWeight(QStringLiteral("cat"), {90, -5}, 1);
  QVERIFY(edit.has_value());
  QCOMPARE(edit->replacement, QStringLiteral("(cat:1.1)"));
  QVERIFY(!changeWeight(QString(), {3, 9}, 1).has_value());
}

void WeightEditTest::writesWeightsWithoutRoundingNoise() {
  QCOMPARE(weightText(1.0), QStringLiteral("1.0"));
  QCOMPARE(weightText(0.1 + 0.2), QStringLiteral("0.3"));
  QCOMPARE(weightText(1.125), QStringLiteral("1.125"));
  QCOMPARE(weightText(-0.5), QStringLiteral("-0.5"));
}

}  // namespace studio::ui

QTEST_GUILESS_MAIN(studio::ui::WeightEditTest)
#include "weight_edit_test.moc"
