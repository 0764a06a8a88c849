#include "ui/prompt/prompt_panel.h"

#include "tests/ui/support/test_desk.h"
#include "ui/bridge/library.h"
#include "ui/bridge/request_draft.h"
#include "ui/prompt/prompt_edit.h"
#include "ui/prompt/prompt_highlighter.h"

#include <QLabel>
#include <QPushButton>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>
#include <QToolButton>

#include <algorithm>

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
  void showsNotesAndTakesTheirFixes();
  void tellsTheLinterWhatMayBeNamed();
  void dismissesAHintForGood();
  void namesEveryButtonOfANote();
  void helpsByFamilyWhileAnEditorIsEmpty();
  void paintsTheSecondChunkPaler();
  void joinsPromptsByAndOnlyWhereTheEngineDoes();

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
  panel_ = std::make_unique<PromptPanel>(draft(), PromptReaders{desk_->tokenCounter, desk_->promptLinter},
                                         desk_->workspace->library);
  panel_->remember(desk_->settings);
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

engine::PromptNote note(engine::PromptNoteKind kind, const std::string& subject, bool hasFix = false) {
  return {kind, 0, 0, subject, hasFix, {}};
}

void PromptPanelTest::showsNotesAndTakesTheirFixes() {
  desk_->promptLinter.notes = {note(engine::PromptNoteKind::UnbalancedBracket, ")", true)};
  editor("prompt")->setPlainText(QStringLiteral("桜 cat) dog"));
  QTRY_VERIFY(shows(QStringLiteral("“)” closes nothing.")));
  QCOMPARE(editor("prompt")->highlighter().noteAt(5)->text, QStringLiteral("“)” closes nothing."));
  QVERIFY(editor("prompt")->highlighter().noteAt(4) == nullptr);
  const auto buttons = panel_->findChildren<QPushButton*>();
  const auto fix = std::find_if(buttons.begin(), buttons.end(), [](auto* b) { return b->text() == u"Remove"; });
  QVERIFY(fix != buttons.end());
  (*fix)->click();
  QCOMPARE(draft().request().prompt, std::string("桜 cat dog"));
  QTRY_VERIFY(!shows(QStringLiteral("“)” closes nothing.")));
}

void PromptPanelTest::tellsTheLinterWhatMayBeNamed() {
  const engine::PromptContext& context = desk_->promptLinter.lastContext;
  QVERIFY(context.namesAreKnown);
  QVERIFY(std::find(context.loras.begin(), context.loras.end(), "ink") != context.loras.end());
  QVERIFY(context.style == engine::PromptStyle::Sentences);
  engine::LoraInfo big = test::loraInfo("big");
  big.base = engine::ModelFamily::StableDiffusionXl;
  big.metadata = {{"ss_output_name", "Big Style"}};
  desk_->addFile("big.safetensors", big);
  desk_->workspace->library.rescan();
  desk_->waitForScan();
  QCOMPARE(context.unfitLoras, (std::vector<std::string>{"big", "Big Style"}));
  draft().edit([this](auto& request) { request.model = desk_->folder() / "tag-model.safetensors"; });
  QVERIFY(context.unfitLoras.empty());
  QVERIFY(context.style == engine::PromptStyle::Tags);
}

void PromptPanelTest::dismissesAHintForGood() {
  desk_->promptLinter.notes = {note(engine::PromptNoteKind::FillerWord, "stunning")};
  editor("prompt")->setPlainText(QStringLiteral("stunning cat"));
  QToolButton* close = nullptr;
  QTRY_VERIFY((close = panel_->findChild<QToolButton*>(QStringLiteral("dismiss"))) != nullptr);
  close->click();
  QCOMPARE(desk_->settings.dismissedPromptHints.get(), QStringList{QStringLiteral("stunning")});
  QVERIFY(editor("prompt")->highlighter().noteAt(0) == nullptr);
  PromptPanel later(draft(), PromptReaders{desk_->tokenCounter, desk_->promptLinter}, desk_->workspace->library);
  later.remember(desk_->settings);
  QVERIFY(later.findChild<PromptEdit*>(QStringLiteral("prompt"))->highlighter().noteAt(0) == nullptr);
}

void PromptPanelTest::namesEveryButtonOfANote() {
  desk_->promptLinter.notes = {
      note(engine::PromptNoteKind::FillerWord, "a"), note(engine::PromptNoteKind::UnusedTag, "b", true),
      note(engine::PromptNoteKind::LargeWeight, "c"), note(engine::PromptNoteKind::UnknownLora, "d")};
  editor("prompt")->setPlainText(QStringLiteral("a b c d"));
  QTRY_VERIFY(shows(QStringLiteral("and 1 more")));
  for (const QAbstractButton* button : panel_->findChildren<QAbstractButton*>()) {
    QVERIFY(!button->accessibleName().isEmpty() || !button->text().isEmpty());
  }
}

void PromptPanelTest::helpsByFamilyWhileAnEditorIsEmpty() {
  const QString words = editor("prompt")->placeholderText();
  QVERIFY(words.contains(QStringLiteral("Example")));
  draft().edit([](auto& request) { request.guidanceScale = 1; });
  QCOMPARE(editor("negative_prompt")->placeholderText(), QStringLiteral("Not used while guidance is 1."));
  draft().edit([this](auto& request) { request.model = desk_->folder() / "tag-model.safetensors"; });
  QVERIFY(editor("prompt")->placeholderText() != words);
}

void PromptPanelTest::paintsTheSecondChunkPaler() {
  PromptEdit* prompt = editor("prompt");
  prompt->setPlainText(QStringLiteral("one two"));
  const auto colorAt = [&](int position) {
    for (const auto& range : prompt->document()->firstBlock().layout()->formats()) {
      if (position >= range.start && position < range.start + range.length) return range.format.foreground().color();
    }
    return QColor();
  };
  QVERIFY(!colorAt(5).isValid());
  prompt->setChunkBorders({4});
  QVERIFY(!colorAt(1).isValid());
  QVERIFY(colorAt(5).isValid());
  prompt->setChunkBorders({});
  QVERIFY(!colorAt(5).isValid());
}

void PromptPanelTest::joinsPromptsByAndOnlyWhereTheEngineDoes() {
  const auto paintsAnd = [this](const char* name) {
    editor(name)->setPlainText(QStringLiteral("one AND two"));
    const auto formats = editor(name)->document()->firstBlock().layout()->formats();
    return std::any_of(formats.begin(), formats.end(), [](const auto& range) { return range.start == 4; });
  };
  QVERIFY(paintsAnd("prompt"));
  QTRY_VERIFY(desk_->tokenCounter.lastSide == engine::PromptSide::Prompt);
  QVERIFY(!paintsAnd("negative_prompt"));
  QTRY_VERIFY(desk_->tokenCounter.lastSide == engine::PromptSide::Negative);
}

}  // namespace studio::ui

QTEST_MAIN(studio::ui::PromptPanelTest)
#include "prompt_panel_test.moc"
