#include "ui/parameters/parameters_panel.h"

#include "engine/api/request_fields.h"
#include "tests/ui/support/find_controls.h"
#include "tests/ui/support/tab_order.h"
#include "tests/ui/support/test_desk.h"
#include "ui/bridge/library.h"
#include "ui/bridge/request_draft.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/slider_field.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QSlider>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

#include <algorithm>

namespace studio::ui {

using engine::PixelSize;

class ParametersPanelTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void everyFieldWritesItsValue();
  void fieldsTakeTheRangesOfTheRequest();
  void typedValuesMayLeaveTheSlidersRange();
  void ratioChipsChooseSizesAroundTheTrainedOne();
  void sidesSnapToEight();
  void typedNumbersOutsideTheRangeEndAtItsBorder();
  void undoKeysInANumberFieldGoToTheWindowUnlessSomethingIsTyped();
  void swapExchangesTheSides();
  void lockKeepsTheShape();
  void aSizeFarFromTheModelsIsWarnedOfInWords();
  void theSeedFieldKeeps64BitsAndEmptyMeansRandom();
  void randomAndReuseSetTheSeed();
  void foldAndLockAreRemembered();
  void stepsAndSchedulerAreGreyWhileSigmasTakeTheirPlace();
  void undoShowsTheFormerValues();
  void tabGoesFromTopToBottom();
  void everyControlHasAName();

 private:
  template <class Widget>
  Widget* find(const char* name) const {
    return panel_->findChild<Widget*>(QLatin1String(name));
  }
  template <class Button>
  Button* button(const QString& text) const {
    const auto buttons = panel_->findChildren<Button*>();
    const auto found = std::find_if(buttons.begin(), buttons.end(), [&](auto* b) { return b->text() == text; });
    return found == buttons.end() ? nullptr : *found;
  }
  void type(QAbstractSpinBox* field, const QString& text) {
    field->selectAll();
    QTest::keyClicks(field, text);
    QTest::keyClick(field, Qt::Key_Return);
  }
  bool shows(const QString& text) const {
    const auto labels = panel_->findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) { return label->text() == text; });
  }
  RequestDraft& draft() const { return desk_->workspace->draft; }
  const engine::GenerationRequest& request() const { return draft().request(); }

  std::unique_ptr<test::TestDesk> desk_;
  std::unique_ptr<ParametersPanel> panel_;
};

void ParametersPanelTest::init() {
  panel_.reset();
  desk_ = std::make_unique<test::TestDesk>();
  panel_ = std::make_unique<ParametersPanel>(draft(), desk_->workspace->library);
  panel_->show();
}

void ParametersPanelTest::everyFieldWritesItsValue() {
  type(find<SliderField>("steps")->numberField(), QStringLiteral("33"));
  type(find<SliderField>("guidance_scale")->numberField(), QStringLiteral("6.5"));
  type(find<SliderField>("batch_size")->numberField(), QStringLiteral("2"));
  type(find<SliderField>("batch_count")->numberField(), QStringLiteral("3"));
  type(find<SliderField>("clip_skip")->numberField(), QStringLiteral("2"));
  QTest::keyClicks(find<QComboBox>("sampler"), QStringLiteral("Heun"));
  QTest::keyClicks(find<QComboBox>("scheduler"), QStringLiteral("Beta"));
  QTest::keyClicks(find<QComboBox>("prediction"), QStringLiteral("v-pred"));
  QCOMPARE(request().steps, 33);
  QCOMPARE(request().guidanceScale, 6.5);
  QCOMPARE(request().batchSize, 2);
  QCOMPARE(request().batchCount, 3);
  QCOMPARE(request().clipSkip, 2);
  QVERIFY(request().sampler == engine::Sampler::Heun);
  QVERIFY(request().schedule == engine::Schedule::Beta);
  QVERIFY(request().prediction == engine::PredictionType::Velocity);
}

void ParametersPanelTest::fieldsTakeTheRangesOfTheRequest() {
  QCOMPARE(find<SliderField>("steps")->numberField()->maximum(), double{engine::kMostSteps});
  QCOMPARE(find<SliderField>("batch_count")->numberField()->maximum(), double{engine::kMostBatches});
  QCOMPARE(find<QSpinBox>("width")->minimum(), engine::kSmallestSide);
  QCOMPARE(find<QSpinBox>("height")->maximum(), engine::kLargestSide);
}

void ParametersPanelTest::typedValuesMayLeaveTheSlidersRange() {
  const SliderField* steps = find<SliderField>("steps");
  type(steps->numberField(), QStringLiteral("400"));
  QCOMPARE(request().steps, 400);
  QCOMPARE(steps->slider()->value(), steps->slider()->maximum());
}

void ParametersPanelTest::ratioChipsChooseSizesAroundTheTrainedOne() {
  button<Chip>(QStringLiteral("16:9"))->click();
  QVERIFY(request().size.width > request().size.height);
  QVERIFY(button<Chip>(QStringLiteral("16:9"))->isChecked());
  QVERIFY(!button<Chip>(QStringLiteral("1:1"))->isChecked());
  button<Chip>(QStringLiteral("1:1"))->click();
  button<Chip>(QStringLiteral("1:1"))->click();
  QCOMPARE(request().size, (PixelSize{128, 128}));
  QVERIFY(button<Chip>(QStringLiteral("1:1"))->isChecked());
}

void ParametersPanelTest::sidesSnapToEight() {
  type(find<QSpinBox>("width"), QStringLiteral("133"));
  QCOMPARE(request().size.width, 136);
  QCOMPARE(find<QSpinBox>("width")->value(), 136);
}

void ParametersPanelTest::typedNumbersOutsideTheRangeEndAtItsBorder() {
  type(find<QSpinBox>("width"), QStringLiteral("99999"));
  QCOMPARE(request().size.width, engine::kLargestSide);
  type(find<QSpinBox>("width"), QStringLiteral("3"));
  QCOMPARE(request().size.width, engine::kSmallestSide);
  type(find<SliderField>("steps")->numberField(), QStringLiteral("5000"));
  QCOMPARE(request().steps, engine::kMostSteps);
  type(find<SliderField>("steps")->numberField(), QStringLiteral("0"));
  QCOMPARE(request().steps, 1);
  type(find<SliderField>("guidance_scale")->numberField(), QStringLiteral("300.5"));
  QCOMPARE(request().guidanceScale, 100.0);
}

void ParametersPanelTest::undoKeysInANumberFieldGoToTheWindowUnlessSomethingIsTyped() {
  int asked = 0;
  QShortcut undo(QKeySequence(QStringLiteral("Ctrl+Z")), panel_.get());
  connect(&undo, &QShortcut::activated, this, [&asked] { ++asked; });
  panel_->activateWindow();
  QVERIFY(QTest::qWaitForWindowActive(panel_.get()));
  auto* width = find<QSpinBox>("width");
  width->setFocus();
  type(width, QStringLiteral("256"));
  QTest::keyClick(width, Qt::Key_Z, Qt::ControlModifier);
  QCOMPARE(asked, 1);
  QTest::keyClick(width, Qt::Key_7);
  QTest::keyClick(width, Qt::Key_Z, Qt::ControlModifier);
  QCOMPARE(asked, 1);
  auto* seed = find<QLineEdit>("seed");
  seed->setFocus();
  QTest::keyClicks(seed, QStringLiteral("12"));
  QTest::keyClick(seed, Qt::Key_Z, Qt::ControlModifier);
  QCOMPARE(asked, 2);
}

void ParametersPanelTest::swapExchangesTheSides() {
  type(find<QSpinBox>("width"), QStringLiteral("192"));
  button<QPushButton>(QStringLiteral("Swap"))->click();
  QCOMPARE(request().size, (PixelSize{128, 192}));
}

void ParametersPanelTest::lockKeepsTheShape() {
  type(find<QSpinBox>("width"), QStringLiteral("256"));
  button<QCheckBox>(QStringLiteral("Lock ratio"))->click();
  type(find<QSpinBox>("width"), QStringLiteral("512"));
  QCOMPARE(request().size, (PixelSize{512, 256}));
  type(find<QSpinBox>("height"), QStringLiteral("128"));
  QCOMPARE(request().size, (PixelSize{256, 128}));
}

void ParametersPanelTest::aSizeFarFromTheModelsIsWarnedOfInWords() {
  QVERIFY(shows(QStringLiteral("0.02 MP · trained size")));
  type(find<QSpinBox>("width"), QStringLiteral("1024"));
  QVERIFY(shows(QStringLiteral("▲ 0.13 MP · too large")));
  draft().edit([](engine::GenerationRequest& r) { r.size = {64, 64}; });
  QVERIFY(shows(QStringLiteral("▲ 0.00 MP · too small")));
}

void ParametersPanelTest::theSeedFieldKeeps64BitsAndEmptyMeansRandom() {
  auto* seed = find<QLineEdit>("seed");
  QTest::keyClicks(seed, QStringLiteral("18446744073709551615"));
  QVERIFY(request().seed.has_value());
  QCOMPARE(request().seed->value, std::uint64_t{18446744073709551615u});
  QTest::keyClicks(seed, QStringLiteral("9"));  // one digit too many is not taken
  QCOMPARE(request().seed->value, std::uint64_t{18446744073709551615u});
  seed->selectAll();
  QTest::keyClick(seed, Qt::Key_Delete);
  QVERIFY(!request().seed.has_value());
  QVERIFY(button<QPushButton>(QStringLiteral("Random"))->isChecked());
}

void ParametersPanelTest::randomAndReuseSetTheSeed() {
  auto* random = button<QPushButton>(QStringLiteral("Random"));
  auto* reuse = button<QPushButton>(QStringLiteral("Reuse last"));
  QVERIFY(!reuse->isEnabled());
  random->click();
  QVERIFY(request().seed.has_value());
  random->click();
  QVERIFY(!request().seed.has_value());
  draft().setLastSeed({4213});
  QVERIFY(reuse->isEnabled());
  reuse->click();
  QCOMPARE(request().seed->value, std::uint64_t{4213});
  QCOMPARE(find<QLineEdit>("seed")->text(), QStringLiteral("4213"));
  QVERIFY(!random->isChecked());
}

void ParametersPanelTest::foldAndLockAreRemembered() {
  panel_->remember(desk_->settings);
  QVERIFY(!find<SliderField>("clip_skip")->isVisible());
  find<QToolButton>("advanced")->click();
  button<QCheckBox>(QStringLiteral("Lock ratio"))->click();
  QVERIFY(find<SliderField>("clip_skip")->isVisible());
  ParametersPanel later(draft(), desk_->workspace->library);
  later.remember(desk_->settings);
  later.show();
  QVERIFY(later.findChild<SliderField*>(QStringLiteral("clip_skip"))->isVisible());
  QVERIFY(later.findChild<QCheckBox*>()->isChecked());
}

void ParametersPanelTest::stepsAndSchedulerAreGreyWhileSigmasTakeTheirPlace() {
  auto* steps = find<SliderField>("steps");
  auto* scheduler = find<QComboBox>("scheduler");
  QVERIFY(steps->isEnabled() && scheduler->isEnabled());
  draft().edit([](engine::GenerationRequest& r) { r.sigmas = "14, 5, 1"; });
  QVERIFY(!steps->isEnabled() && !scheduler->isEnabled());
  QVERIFY(scheduler->toolTip().contains(QStringLiteral("Sigmas")));
  draft().undoStack().undo();
  QVERIFY(steps->isEnabled() && scheduler->isEnabled());
}

void ParametersPanelTest::undoShowsTheFormerValues() {
  type(find<SliderField>("steps")->numberField(), QStringLiteral("33"));
  draft().undoStack().undo();
  QCOMPARE(find<SliderField>("steps")->value(), 20.0);
}

void ParametersPanelTest::tabGoesFromTopToBottom() {
  find<QToolButton>("advanced")->click();
  QApplication::processEvents();
  const QList<int> middles = tabMiddles(*panel_, button<Chip>(QStringLiteral("1:1")));
  QVERIFY(middles.size() > 25);
  QVERIFY(std::is_sorted(middles.begin(), middles.end(), isAbove));
}

void ParametersPanelTest::everyControlHasAName() { QCOMPARE(test::unnamedControls(*panel_), QStringList()); }

}  // namespace studio::ui

QTEST_MAIN(studio::ui::ParametersPanelTest)
#include "parameters_panel_test.moc"
