#include "ui/prompt/prompt_panel.h"

#include "tests/ui/support/test_desk.h"
#include "ui/bridge/library.h"
#include "ui/bridge/request_draft.h"
#include "ui/prompt/prompt_edit.h"
#include "ui/prompt/prompt_highlighter.h"

#include <QLabel>
#include <QTest>

namespace studio::ui {

class PromptPanelTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void writesWhatIsTypedIntoTheDraft();
  void showsWhatTheDraftHoldsWithoutEditingIt();
  void countsTokensAfterAPause();
  void undoOfTheDraftBringsTheTextBack();
  void typingIsTakenBackItemByItemAndWeightsOneByOne();
  void keepsBytesThatQtWritesDifferently();
  void knowsTheLorasOfTheLibrary();
  void insertsTriggerWordsIntoThePrompt();
  void everyEditorHasAName();

 private:
  PromptEdit* editor(const char* name) const { return panel_->findChild<PromptEdit*>(QLatin1String(name)); }
  bool shows(const QString& text) const {
    const auto labels = panel_->findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) { return label->text() == text; });
  }
  RequestDraft& draft() const { return desk_->workspace->draft; }

  std::unique_ptr<test::TestDesk> desk_;
  std::unique_ptr<PromptPanel> panel_;
};

void PromptPanelTest::init() {
  panel_.reset();
  desk_ = std::make_unique<test::TestDesk>();
  panel_ = std::make_unique<PromptPanel>(draft(), desk_->tokenCounter, desk_->workspace->library);
}

void PromptPanelTest::writesWhatIsTypedIntoTheDraft() {
  QTest::keyClicks(editor("prompt"), QStringLiteral("a cat"));
  QTest::keyClicks(editor("negative_prompt"), QStringLiteral("blurry"));
  QCOMPARE(draft().request().prompt, std::string("a cat"));
  QCOMPARE(draft().request().negativePrompt, std::string("blurry"));
}

void PromptPanelTest::showsWhatTheDraftHoldsWithoutEditingIt() {
  const int steps = draft().undoStack().count();
  engine::GenerationRequest request = draft().request();
  request.prompt = "桜と池";
  draft().reset(request);
  QCOMPARE(editor("prompt")->toPlainText(), QString::fromUtf8("桜と池"));
  QCOMPARE(draft().undoStack().count(), steps);
}

void PromptPanelTest::countsTokensAfterAPause() {
  QVERIFY(shows(QStringLiteral("0 / 75 tokens")));
  QString words;
  for (int i = 0; i < 80; ++i) words += QStringLiteral("cat ");
  editor("prompt")->setPlainText(words);
  QTRY_VERIFY(shows(QStringLiteral("80 / 150 tokens")));
}

void PromptPanelTest::undoOfTheDraftBringsTheTextBack() {
  editor("prompt")->setPlainText(QStringLiteral("a cat"));
  draft().undoStack().undo();
  QCOMPARE(editor("prompt")->toPlainText(), QString());
  draft().undoStack().redo();
  QCOMPARE(editor("prompt")->toPlainText(), QStringLiteral("a cat"));
}

void PromptPanelTest::typingIsTakenBackItemByItemAndWeightsOneByOne() {
  QTest::keyClicks(editor("prompt"), QStringLiteral("a pond, a cat"));
  QTest::keyClick(editor("prompt"), Qt::Key_Up, Qt::ControlModifier);
  QTest::keyClick(editor("prompt"), Qt::Key_Up, Qt::ControlModifier);
  QCOMPARE(draft().request().prompt, std::string("a pond, a (cat:1.2)"));
  QStringList seen;
  while (draft().undoStack().canUndo()) {
    draft().undoStack().undo();
    seen.append(editor("prompt")->toPlainText());
  }
  QCOMPARE(seen, QStringList({QStringLiteral("a pond, a (cat:1.1)"), QStringLiteral("a pond, a cat"),
                              QStringLiteral("a pond,"), QString()}));
}

void PromptPanelTest::keepsBytesThatQtWritesDifferently() {
  engine::GenerationRequest request = draft().request();
  request.prompt = "a\r\nb\xff";
  draft().reset(request);
  QCOMPARE(draft().request().prompt, request.prompt);
  QTest::keyClicks(editor("negative_prompt"), QStringLiteral("x"));
  QCOMPARE(draft().request().prompt, request.prompt);
}

void PromptPanelTest::knowsTheLorasOfTheLibrary() {
  const PromptHighlighter& highlighter = editor("prompt")->highlighter();
  QVERIFY(highlighter.isKnownLora(QStringLiteral("ink")));
  QVERIFY(!highlighter.isKnownLora(QStringLiteral("gone")));
  desk_->addFile("gone.safetensors", test::loraInfo("gone"));
  desk_->workspace->library.rescan();
  QTRY_VERIFY(highlighter.isKnownLora(QStringLiteral("gone")));
}

void PromptPanelTest::insertsTriggerWordsIntoThePrompt() {
  editor("prompt")->setPlainText(QStringLiteral("a cat"));
  editor("prompt")->moveCursor(QTextCursor::End);
  panel_->insertWord(QStringLiteral("ink style"));
  QCOMPARE(draft().request().prompt, std::string("a cat, ink style"));
}

void PromptPanelTest::everyEditorHasAName() {
  QCOMPARE(editor("prompt")->accessibleName(), QStringLiteral("Prompt"));
  QCOMPARE(editor("negative_prompt")->accessibleName(), QStringLiteral("Negative prompt"));
}

}  // namespace studio::ui

QTEST_MAIN(studio::ui::PromptPanelTest)
#include "prompt_panel_test.moc"
