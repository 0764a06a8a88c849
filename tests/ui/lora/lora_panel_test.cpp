#include "ui/lora/lora_panel.h"

#include "tests/ui/support/find_controls.h"
#include "tests/ui/support/tab_order.h"
#include "tests/ui/support/test_desk.h"
#include "ui/bridge/library.h"
#include "ui/bridge/request_draft.h"
#include "ui/lora/lora_card.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/slider_field.h"

#include <QApplication>
#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>

#include <algorithm>

namespace studio::ui {
class LoraPanelTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void listsTheLorasOfTheLibrary();
  void switchesOnAndOffAndKeepsTheWeight();
  void takesTypedWeightsBeyondTheSlider();
  void filtersByName();
  void chipsAskForTheirWord();
  void lorasOfAnotherFamilyAreOffWithAReason();
  void whatIsOnCanBeSwitchedOffEvenIfItDoesNotFit();
  void showsTheRestOfALongListOnDemand();
  void cardsSurviveChangesElsewhere();
  void anEmptyLibrarySaysWhatBelongsHere();
  void tabGoesFromTopToBottomAlsoAfterFiltering();
  void everyControlHasAName();

 private:
  LoraCard* card(const QString& name) const {
    const auto cards = panel_->findChildren<LoraCard*>();
    for (LoraCard* card : cards) {
      if (box(card)->accessibleName() == name && card->isVisibleTo(panel_.get())) return card;
    }
    return nullptr;
  }
  static QCheckBox* box(const LoraCard* card) { return card->findChild<QCheckBox*>(); }
  static QDoubleSpinBox* weight(const LoraCard* card) { return card->findChild<QDoubleSpinBox*>(); }
  bool shows(const QString& text) const {
    const auto labels = panel_->findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(),
                       [&](const QLabel* label) { return label->isVisible() && label->text().contains(text); });
  }
  void rescan() {
    desk_->workspace->library.rescan();
    desk_->waitForScan();
  }
  RequestDraft& draft() const { return desk_->workspace->draft; }
  const std::vector<engine::LoraUse>& used() const { return draft().request().loras; }

  std::unique_ptr<test::TestDesk> desk_;
  std::unique_ptr<LoraPanel> panel_;
};

void LoraPanelTest::init() {
  panel_.reset();
  desk_ = std::make_unique<test::TestDesk>();
  panel_ = std::make_unique<LoraPanel>(draft(), desk_->workspace->library);
  panel_->show();
}

void LoraPanelTest::listsTheLorasOfTheLibrary() {
  QVERIFY(card(QStringLiteral("ink")) != nullptr);
  QVERIFY(card(QStringLiteral("glow")) != nullptr);
  QVERIFY(card(QStringLiteral("kiln")) == nullptr);
  QVERIFY(shows(QStringLiteral("SD 1.x · 144 MiB")));
}

void LoraPanelTest::switchesOnAndOffAndKeepsTheWeight() {
  box(card(QStringLiteral("ink")))->click();
  QCOMPARE(used().size(), std::size_t{1});
  QCOMPARE(used()[0].file, desk_->lora("ink"));
  QCOMPARE(used()[0].weight, 1.0);
  QCOMPARE(panel_->note(), QStringLiteral("1 on"));
  weight(card(QStringLiteral("ink")))->setValue(0.65);
  QCOMPARE(used()[0].weight, 0.65);
  box(card(QStringLiteral("ink")))->click();
  QVERIFY(used().empty());
  box(card(QStringLiteral("ink")))->click();
  QCOMPARE(used()[0].weight, 0.65);
}

void LoraPanelTest::takesTypedWeightsBeyondTheSlider() {
  LoraCard* ink = card(QStringLiteral("ink"));
  box(ink)->click();
  weight(ink)->selectAll();
  QTest::keyClicks(weight(ink), QStringLiteral("-3.5"));
  QTest::keyClick(weight(ink), Qt::Key_Return);
  QCOMPARE(used()[0].weight, -3.5);
  QCOMPARE(ink->findChild<QSlider*>()->value(), 0);
}

void LoraPanelTest::filtersByName() {
  auto* filter = panel_->findChild<QLineEdit*>();
  QCOMPARE(filter->placeholderText(), QStringLiteral("Filter 2"));
  filter->setText(QStringLiteral("GLO"));
  QVERIFY(card(QStringLiteral("ink")) == nullptr);
  QVERIFY(card(QStringLiteral("glow")) != nullptr);
  filter->setText(QStringLiteral("nothing like it"));
  QVERIFY(shows(QStringLiteral("No LoRA matches")));
}

void LoraPanelTest::chipsAskForTheirWord() {
  QSignalSpy chosen(panel_.get(), &LoraPanel::triggerWordChosen);
  card(QStringLiteral("ink"))->findChild<Chip*>()->click();
  QCOMPARE(chosen.count(), 1);
  QCOMPARE(chosen[0][0].toString(), QStringLiteral("ink style"));
}

void LoraPanelTest::lorasOfAnotherFamilyAreOffWithAReason() {
  engine::LoraInfo other = test::loraInfo("other");
  other.base = engine::ModelFamily::StableDiffusionXl;
  desk_->addFile("other.safetensors", other);
  engine::LoraInfo odd = test::loraInfo("odd");
  odd.usable = false;
  odd.kind = "LoHa";
  odd.reason = "LoHa files are not understood yet.";
  desk_->addFile("odd.safetensors", odd);
  rescan();
  QVERIFY(card(QStringLiteral("other")) != nullptr);
  QVERIFY(!box(card(QStringLiteral("other")))->isEnabled());
  QVERIFY(shows(QStringLiteral("Made for SDXL")));
  QVERIFY(!box(card(QStringLiteral("odd")))->isEnabled());
  QVERIFY(shows(QStringLiteral("LoHa files cannot be used yet.")));
}

void LoraPanelTest::whatIsOnCanBeSwitchedOffEvenIfItDoesNotFit() {
  draft().edit([](engine::GenerationRequest& request) { request.loras = {{"/elsewhere/gone.safetensors", 1.0}}; });
  LoraCard* gone = card(QStringLiteral("gone"));
  QVERIFY(gone != nullptr);
  QVERIFY(box(gone)->isEnabled());
  box(gone)->click();
  QVERIFY(used().empty());
  QVERIFY(card(QStringLiteral("gone")) == nullptr);
}

void LoraPanelTest::showsTheRestOfALongListOnDemand() {
  for (int i = 0; i < 100; ++i) {
    const std::string name = "many" + std::to_string(i);
    desk_->addFile(name + ".safetensors", test::loraInfo(name));
  }
  rescan();
  QCOMPARE(panel_->findChildren<LoraCard*>().size(), 40);
  const auto buttons = panel_->findChildren<QPushButton*>();
  for (QPushButton* button : buttons) {
    if (button->text().startsWith(QStringLiteral("Show more"))) button->click();
  }
  QCOMPARE(panel_->findChildren<LoraCard*>().size(), 80);
}

void LoraPanelTest::cardsSurviveChangesElsewhere() {
  LoraCard* before = card(QStringLiteral("ink"));
  draft().edit([](engine::GenerationRequest& request) { request.steps = 7; });
  rescan();
  QCOMPARE(card(QStringLiteral("ink")), before);
}

void LoraPanelTest::anEmptyLibrarySaysWhatBelongsHere() {
  std::filesystem::remove(desk_->lora("ink"));
  std::filesystem::remove(desk_->lora("glow"));
  rescan();
  QVERIFY(shows(QStringLiteral("No LoRAs yet.")));
  const auto buttons = panel_->findChildren<QPushButton*>();
  const auto shown = std::count_if(buttons.begin(), buttons.end(), [](auto* button) { return button->isVisible(); });
  QCOMPARE(shown, 1);
}

void LoraPanelTest::tabGoesFromTopToBottomAlsoAfterFiltering() {
  panel_->resize(340, 700);
  auto* filter = panel_->findChild<QLineEdit*>();
  filter->setText(QStringLiteral("ink"));
  filter->clear();  // "glow", which stands above, is made again
  QApplication::processEvents();
  const QList<int> middles = tabMiddles(*panel_, filter);
  QVERIFY(middles.size() >= 6);
  QVERIFY(std::is_sorted(middles.begin(), middles.end(), isAbove));
}

void LoraPanelTest::everyControlHasAName() { QCOMPARE(test::unnamedControls(*panel_), QStringList()); }

}  // namespace studio::ui

QTEST_MAIN(studio::ui::LoraPanelTest)
#include "lora_panel_test.moc"
