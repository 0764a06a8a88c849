#include "ui/prompt/prompt_edit.h"

#include "engine/api/request_fields.h"
#include "ui/prompt/prompt_highlighter.h"

#include <QApplication>
#include <QInputMethodEvent>
#include <QMimeData>
#include <QShortcut>
#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>
#include <QVBoxLayout>

namespace studio::ui {
namespace {

/// Whether the character is underlined by the highlighter.
bool isUnderlined(const PromptEdit& edit, int position) {
  const QTextBlock block = edit.document()->findBlock(position);
  const QList<QTextLayout::FormatRange> formats = block.layout()->formats();
  for (const QTextLayout::FormatRange& range : formats) {
    const int within = position - block.position();
    if (within < range.start || within >= range.start + range.length) continue;
    if (range.format.underlineStyle() == QTextCharFormat::WaveUnderline) return true;
  }
  return false;
}

void compose(PromptEdit& edit, const QString& preedit, const QString& commit = {}) {
  QInputMethodEvent event(preedit, {});
  event.setCommitString(commit);
  QApplication::sendEvent(&edit, &event);
}

}  // namespace

class PromptEditTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void cleanup();
  void controlUpWeighsTheWord();
  void theUndoKeysGoToTheWindow();
  void showingAnotherTextLeavesTheCursorAtItsWord();
  void controlEnterReachesTheWindow();
  void nothingHappensWhileAnInputMethodComposes();
  void tabLeavesTheEditor();
  void underlinesABracketUntilItHasAPartnerInAnotherLine();
  void underlinesLorasThatAreNotThere();
  void insertsAWordOnceAtTheCursor();
  void refusesFilesButTakesText();
  void cutsPastedTextAtTheLongestPrompt();

 private:
  std::unique_ptr<QWidget> window_;
  PromptEdit* edit_ = nullptr;
  int generated_ = 0;
};

void PromptEditTest::init() {
  window_ = std::make_unique<QWidget>();
  edit_ = new PromptEdit(window_.get());
  auto* layout = new QVBoxLayout(window_.get());
  layout->addWidget(edit_);
  generated_ = 0;
  auto* generate = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return), window_.get());
  connect(generate, &QShortcut::activated, this, [this] { ++generated_; });
  window_->show();
  window_->activateWindow();
  edit_->setFocus();
  QVERIFY(QTest::qWaitForWindowActive(window_.get()));
}

void PromptEditTest::cleanup() { window_.reset(); }

void PromptEditTest::controlUpWeighsTheWord() {
  QTest::keyClicks(edit_, QStringLiteral("a cat"));
  QTest::keyClick(edit_, Qt::Key_Up, Qt::ControlModifier);
  QTest::keyClick(edit_, Qt::Key_Up, Qt::ControlModifier);
  QCOMPARE(edit_->toPlainText(), QStringLiteral("a (cat:1.2)"));
  QTest::keyClick(edit_, Qt::Key_Down, Qt::ControlModifier);
  QCOMPARE(edit_->toPlainText(), QStringLiteral("a (cat:1.1)"));
}

void PromptEditTest::theUndoKeysGoToTheWindow() {
  int asked = 0;
  for (const char* keys : {"Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Y"}) {
    auto* shortcut = new QShortcut(QKeySequence(QLatin1String(keys)), window_.get());
    connect(shortcut, &QShortcut::activated, this, [&asked] { ++asked; });
  }
  QTest::keyClicks(edit_, QStringLiteral("a cat"));
  QTest::keyClick(edit_, Qt::Key_Z, Qt::ControlModifier);
  QTest::keyClick(edit_, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
  QTest::keyClick(edit_, Qt::Key_Y, Qt::ControlModifier);
  QCOMPARE(asked, 3);
  QCOMPARE(edit_->toPlainText(), QStringLiteral("a cat"));
}

void PromptEditTest::showingAnotherTextLeavesTheCursorAtItsWord() {
  edit_->setPlainText(QStringLiteral("a 🌸 and a cat"));
  QTextCursor cursor = edit_->textCursor();
  cursor.setPosition(10);  // before "cat"
  edit_->setTextCursor(cursor);
  edit_->replaceText(QStringLiteral("a small 🌺 and a cat"));
  QCOMPARE(edit_->toPlainText(), QStringLiteral("a small 🌺 and a cat"));
  QCOMPARE(edit_->textCursor().position(), 16);
  edit_->replaceText(QString());
  QCOMPARE(edit_->toPlainText(), QString());
}

void PromptEditTest::controlEnterReachesTheWindow() {
  QTest::keyClicks(edit_, QStringLiteral("cat"));
  QTest::keyClick(edit_, Qt::Key_Return, Qt::ControlModifier);
  QCOMPARE(generated_, 1);
  QCOMPARE(edit_->toPlainText(), QStringLiteral("cat"));
}

void PromptEditTest::nothingHappensWhileAnInputMethodComposes() {
  QTest::keyClicks(edit_, QStringLiteral("cat "));
  compose(*edit_, QStringLiteral("さくら"));
  QVERIFY(edit_->isComposing());
  QTest::keyClick(edit_, Qt::Key_Up, Qt::ControlModifier);
  QTest::keyClick(edit_, Qt::Key_Return, Qt::ControlModifier);
  edit_->insertWord(QStringLiteral("ink"));
  QCOMPARE(edit_->toPlainText(), QStringLiteral("cat "));
  QCOMPARE(generated_, 0);
  compose(*edit_, QString(), QStringLiteral("桜"));
  QVERIFY(!edit_->isComposing());
  QTest::keyClick(edit_, Qt::Key_Up, Qt::ControlModifier);
  QCOMPARE(edit_->toPlainText(), QStringLiteral("cat (桜:1.1)"));
}

void PromptEditTest::tabLeavesTheEditor() {
  auto* next = new PromptEdit(window_.get());
  window_->layout()->addWidget(next);
  next->show();
  QTest::keyClick(edit_, Qt::Key_Tab);
  QVERIFY(next->hasFocus());
  QCOMPARE(edit_->toPlainText(), QString());
}

void PromptEditTest::underlinesABracketUntilItHasAPartnerInAnotherLine() {
  edit_->setPlainText(QStringLiteral("a (cat\nsleeps"));
  QVERIFY(isUnderlined(*edit_, 2));
  edit_->moveCursor(QTextCursor::End);
  QTest::keyClicks(edit_, QStringLiteral(")"));
  QVERIFY(!isUnderlined(*edit_, 2));
  QTest::keyClick(edit_, Qt::Key_Backspace);
  QVERIFY(isUnderlined(*edit_, 2));
}

void PromptEditTest::underlinesLorasThatAreNotThere() {
  edit_->setPlainText(QStringLiteral("<lora:ink:1> <lora:gone:1>"));
  QVERIFY(!isUnderlined(*edit_, 14));
  edit_->highlighter().setLoraCheck([](const QString& name) { return name == QStringLiteral("ink"); });
  QVERIFY(!isUnderlined(*edit_, 1));
  QVERIFY(isUnderlined(*edit_, 14));
}

void PromptEditTest::insertsAWordOnceAtTheCursor() {
  edit_->setPlainText(QStringLiteral("a cat"));
  edit_->moveCursor(QTextCursor::End);
  edit_->insertWord(QStringLiteral("sumi-e"));
  edit_->insertWord(QStringLiteral("sumi-e"));
  QCOMPARE(edit_->toPlainText(), QStringLiteral("a cat, sumi-e"));
}

void PromptEditTest::refusesFilesButTakesText() {
  class Opened : public PromptEdit {
   public:
    using PromptEdit::canInsertFromMimeData;
  } opened;
  QMimeData files;
  files.setUrls({QUrl::fromLocalFile(QStringLiteral("/a.png"))});
  files.setText(QStringLiteral("file:///a.png"));
  QMimeData words;
  words.setText(QStringLiteral("a cat"));
  QVERIFY(!opened.canInsertFromMimeData(&files));
  QVERIFY(opened.canInsertFromMimeData(&words));
}

void PromptEditTest::cutsPastedTextAtTheLongestPrompt() {
  class Opened : public PromptEdit {
   public:
    using PromptEdit::insertFromMimeData;
  } opened;
  QMimeData words;
  words.setText(QString(200'000, u'a'));
  opened.insertFromMimeData(&words);
  QVERIFY(opened.toPlainText().size() <= static_cast<qsizetype>(engine::kLongestPrompt));
  QVERIFY(opened.toPlainText().size() > 60'000);
}

}  // namespace studio::ui

QTEST_MAIN(studio::ui::PromptEditTest)
#include "prompt_edit_test.moc"
