#include "ui/parameters/advanced_card.h"

#include "ui/bridge/field_names.h"
#include "ui/bridge/request_draft.h"
#include "ui/bridge/text.h"
#include "ui/parameters/field_row.h"
#include "ui/widgets/slider_field.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include <memory>

namespace studio::ui {

class AdvancedCardTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    card_.reset();
    draft_ = std::make_unique<RequestDraft>();
    card_ = std::make_unique<AdvancedCard>(*draft_);
    card_->setShown(true);
    card_->show();
  }

  void everyFieldWritesItsValue() {
    draft_->edit([](engine::GenerationRequest& r) { r.sampler = engine::Sampler::EulerAncestral; });
    type("eta", QStringLiteral("0.667"));
    type("guidance_rescale", QStringLiteral("0.7"));
    type("clip_skip", QStringLiteral("2"));
    choose("emphasis", QStringLiteral("ComfyUI"));
    choose("prediction", QStringLiteral("v-prediction"));
    choose("profile", QStringLiteral("A1111 (GPU noise)"));
    type("gpu_threads", QStringLiteral("270336"));
    QTest::keyClicks(find<QLineEdit>("sigmas"), QStringLiteral("14, 5, 1"));
    const engine::GenerationRequest& request = draft_->request();
    QCOMPARE(request.eta, 0.67);
    QCOMPARE(request.guidanceRescale, 0.7);
    QCOMPARE(request.clipSkip, 2);
    QVERIFY(request.emphasis == engine::Emphasis::ComfyUi);
    QVERIFY(request.prediction == engine::PredictionType::Velocity);
    QVERIFY(request.profile == engine::Profile::A1111Gpu);
    QCOMPARE(request.gpuThreads, 270336);
    QCOMPARE(request.sigmas, std::string("14, 5, 1"));
  }

  void valuesOfARestoredPictureAreShownAndKeptToTheLastDigit() {
    draft_->edit([](engine::GenerationRequest& r) { r.eta = 0.66667, r.emphasis = engine::Emphasis::NoNorm; });
    QCOMPARE(find<SliderField>("eta")->value(), 0.67);
    QCOMPARE(find<QComboBox>("emphasis")->currentText(), QStringLiteral("No norm"));
    QCOMPARE(draft_->request().eta, 0.66667);
  }

  void whatTheSamplerIgnoresIsGreyAndSaysWhy() {
    const FieldRow* eta = row("eta");
    QVERIFY(!find<SliderField>("eta")->isEnabled());
    QVERIFY2(eta->toolTip().contains(QStringLiteral("DPM++ 2M")), qPrintable(eta->toolTip()));
    draft_->edit([](engine::GenerationRequest& r) { r.sampler = engine::Sampler::EulerAncestral; });
    QVERIFY(find<SliderField>("eta")->isEnabled());
    QCOMPARE(eta->toolTip(), fieldHelp("eta"));
  }

  void theFoldedCardSaysHowManyDiffer() {
    card_->setShown(false);
    QVERIFY(card_->note().isEmpty());
    QVERIFY(!find<QPushButton>("reset_advanced")->isVisible());
    draft_->edit([](engine::GenerationRequest& r) { r.clipSkip = 2, r.guidanceRescale = 0.5, r.steps = 7; });
    QVERIFY2(card_->note().contains(u'2'), qPrintable(card_->note()));
    QVERIFY(find<QPushButton>("reset_advanced")->isVisible());
    QVERIFY(find<QToolButton>("advanced")->accessibleDescription().contains(u'2'));
  }

  void oneClickResetsOneOrAllAndUndoBringsThemBack() {
    draft_->edit([](engine::GenerationRequest& r) { r.clipSkip = 2, r.guidanceRescale = 0.5, r.steps = 7; });
    auto* reset = row("clip_skip")->findChild<QPushButton*>(QStringLiteral("reset"));
    QVERIFY(reset->isVisible());
    QVERIFY(!row("emphasis")->findChild<QPushButton*>(QStringLiteral("reset"))->isVisible());
    reset->click();
    QCOMPARE(draft_->request().clipSkip, 1);
    QCOMPARE(draft_->request().guidanceRescale, 0.5);
    draft_->undoStack().undo();
    QCOMPARE(draft_->request().clipSkip, 2);
    find<QPushButton>("reset_advanced")->click();
    QCOMPARE(draft_->request().clipSkip, 1);
    QCOMPARE(draft_->request().guidanceRescale, 0.0);
    QCOMPARE(draft_->request().steps, 7);
    draft_->undoStack().undo();
    QCOMPARE(draft_->request().guidanceRescale, 0.5);
  }

  void aGreyFieldCanStillBeReset() {
    draft_->edit([](engine::GenerationRequest& r) { r.eta = 0.5; });
    auto* reset = row("eta")->findChild<QPushButton*>(QStringLiteral("reset"));
    QVERIFY(reset->isVisible() && reset->isEnabled());
    reset->click();
    QCOMPARE(draft_->request().eta, 1.0);
  }

  void everyFieldSaysWhatItDoes() {
    for (const FieldRow* row : card_->findChildren<FieldRow*>()) {
      QVERIFY2(!fieldHelp(row->id()).isEmpty(), row->id().data());
    }
  }

 private:
  template <class Widget>
  Widget* find(const char* name) const {
    return card_->findChild<Widget*>(QLatin1String(name));
  }
  FieldRow* row(std::string_view id) const {
    for (FieldRow* row : card_->findChildren<FieldRow*>()) {
      if (row->id() == id) return row;
    }
    return nullptr;
  }
  void choose(const char* field, const QString& label) {
    auto* box = find<QComboBox>(field);
    box->setCurrentText(label);
    Q_EMIT box->activated(box->currentIndex());
  }
  void type(const char* field, const QString& text) {
    QDoubleSpinBox* number = find<SliderField>(field)->numberField();
    number->selectAll();
    QTest::keyClicks(number, text);
    QTest::keyClick(number, Qt::Key_Return);
  }

  std::unique_ptr<RequestDraft> draft_;
  std::unique_ptr<AdvancedCard> card_;
};

}  // namespace studio::ui

QTEST_MAIN(studio::ui::AdvancedCardTest)
#include "advanced_card_test.moc"
