#include "ui/model_library/model_chooser.h"

#include "tests/ui/support/test_desk.h"
#include "ui/bridge/library.h"
#include "ui/bridge/request_draft.h"
#include "ui/model_library/file_choice.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QTest>
#include <QToolButton>

namespace studio::ui {

class ModelChooserTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void listsTheModelsAndShowsTheChosenOne();
  void choosingAModelBringsItsSizeIfNobodyChoseAnother();
  void aFileFromElsewhereTakesItsPlaceOnceItIsKnown();
  void aFileThatIsNoModelIsRefusedWithItsName();
  void theVaeIsAutomaticOrAFile();
  void aModelWithoutTextEncoderAsksForOne();
  void aModelThatIsGoneIsNamed();
  void oneClickSwitchesWhatTheNetworkPredicts();
  void sdxlOffersARefinerAndAsksForItsSecondTextEncoder();
  void settingsForFewStepsAreTakenWithOneClick();
  void everyControlHasAName();

 private:
  FileChoice* choice(const char* name) const { return chooser_->findChild<FileChoice*>(QLatin1String(name)); }
  void choose(const char* name, const QString& text) {
    QComboBox* box = choice(name)->box();
    const int index = box->findText(text);
    QVERIFY(index >= 0);
    box->setCurrentIndex(index);
    Q_EMIT
    box->activated(index);
  }
  bool shows(const QString& text) const {
    const auto labels = chooser_->findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(),
                       [&](const QLabel* label) { return label->isVisible() && label->text().contains(text); });
  }
  RequestDraft& draft() const { return desk_->workspace->draft; }
  const engine::GenerationRequest& request() const { return draft().request(); }

  std::unique_ptr<test::TestDesk> desk_;
  std::unique_ptr<ModelChooser> chooser_;
};

void ModelChooserTest::init() {
  chooser_.reset();
  desk_ = std::make_unique<test::TestDesk>();
  engine::ModelInfo large = test::modelInfo("large");
  large.trainedSize = {512, 512};
  desk_->addFile("large.safetensors", large);
  engine::ModelInfo bare = test::modelInfo("bare");
  bare.parts[1].present = false;
  desk_->addFile("bare.safetensors", bare);
  engine::OtherInfo vae;
  vae.kind = "VAE";
  desk_->addFile("soft.vae.safetensors", vae);
  desk_->workspace->library.rescan();
  desk_->waitForScan();
  chooser_ = std::make_unique<ModelChooser>(draft(), desk_->workspace->library);
  chooser_->show();
}

void ModelChooserTest::listsTheModelsAndShowsTheChosenOne() {
  QCOMPARE(choice("model")->box()->currentText(), QStringLiteral("kiln"));
  QVERIFY(choice("model")->box()->findText(QStringLiteral("large")) >= 0);
  QVERIFY(choice("model")->box()->findText(QStringLiteral("ink")) < 0);
  QVERIFY(shows(QStringLiteral("SD 1.x · fp16 · 2.0 GiB")));
}

void ModelChooserTest::choosingAModelBringsItsSizeIfNobodyChoseAnother() {
  choose("model", QStringLiteral("large"));
  QCOMPARE(request().model.filename(), std::filesystem::path("large.safetensors"));
  QCOMPARE(request().size, (engine::PixelSize{512, 512}));
  draft().edit([](engine::GenerationRequest& r) { r.size = {640, 384}; });
  choose("model", QStringLiteral("kiln"));
  QCOMPARE(request().size, (engine::PixelSize{640, 384}));
}

void ModelChooserTest::aFileFromElsewhereTakesItsPlaceOnceItIsKnown() {
  desk_->inspector.files["far.safetensors"] = test::modelInfo("far");
  chooser_->openModel("/elsewhere/far.safetensors");
  QTRY_COMPARE(request().model, std::filesystem::path("/elsewhere/far.safetensors"));
  QCOMPARE(choice("model")->box()->currentText(), QStringLiteral("far"));
}

void ModelChooserTest::aFileThatIsNoModelIsRefusedWithItsName() {
  chooser_->openModel("/elsewhere/letter.safetensors");
  QTRY_VERIFY(shows(QStringLiteral("letter.safetensors was not taken: This is no model file.")));
  chooser_->openModel(desk_->lora("ink"));
  QTRY_VERIFY(shows(QStringLiteral("ink.safetensors is a LoRA")));
  QCOMPARE(request().model, desk_->model());
}

void ModelChooserTest::theVaeIsAutomaticOrAFile() {
  QCOMPARE(choice("vae")->box()->currentText(), QStringLiteral("Automatic"));
  choose("vae", QStringLiteral("soft.vae.safetensors"));
  QCOMPARE(request().vae.filename(), std::filesystem::path("soft.vae.safetensors"));
  choose("vae", QStringLiteral("Automatic"));
  QVERIFY(request().vae.empty());
}

void ModelChooserTest::aModelWithoutTextEncoderAsksForOne() {
  QVERIFY(!choice("text_encoder")->isVisible());
  choose("model", QStringLiteral("bare"));
  QVERIFY(choice("text_encoder")->isVisible());
  QVERIFY(shows(QStringLiteral("No text encoder in this file.")));
  chooser_->openTextEncoder(desk_->model());
  QTRY_COMPARE(request().textEncoder, desk_->model());
  QVERIFY(!shows(QStringLiteral("No text encoder in this file.")));
}

void ModelChooserTest::oneClickSwitchesWhatTheNetworkPredicts() {
  auto* facts = chooser_->findChild<QLabel*>(QStringLiteral("model_facts"));
  auto* notes = chooser_->findChild<QLabel*>(QStringLiteral("model_notes"));
  const auto click = [](QLabel* label, const QString& text) {
    static const QRegularExpression link(QStringLiteral("<a href=\"([^\"]*)\">([^<]*)</a>"));
    auto found = link.globalMatch(label->text());
    while (found.hasNext()) {
      const auto match = found.next();
      if (match.captured(2) == text) return label->linkActivated(match.captured(1));
    }
    QFAIL(qPrintable(QStringLiteral("no link “%1” in: %2").arg(text, label->text())));
  };
  click(facts, QStringLiteral("epsilon"));
  QCOMPARE(request().prediction, engine::PredictionType::Velocity);
  QVERIFY(shows(QStringLiteral("v-prediction, as you chose for this file.")));
  QVERIFY(!facts->text().contains(QStringLiteral("epsilon")));
  click(notes, QStringLiteral("As the file says"));
  QCOMPARE(request().prediction, engine::PredictionType::Automatic);

  engine::ModelInfo marked = test::modelInfo("marked");
  marked.prediction = engine::PredictionType::Velocity;
  marked.predictionSource = engine::PredictionSource::MarkerTensor;
  marked.zeroTerminalSnr = true;
  chooser_->openModel(desk_->addFile("marked.safetensors", marked));
  QTRY_VERIFY(shows(QStringLiteral("Zero terminal SNR, as the file says.")));
  click(notes, QStringLiteral("Switch off"));
  QCOMPARE(request().zeroTerminalSnr, engine::ZeroTerminalSnr::Off);
  QCOMPARE(request().prediction, engine::PredictionType::Automatic);
  click(notes, QStringLiteral("Use epsilon"));
  QCOMPARE(request().prediction, engine::PredictionType::Epsilon);
  QCOMPARE(request().zeroTerminalSnr, engine::ZeroTerminalSnr::Off);
}

void ModelChooserTest::sdxlOffersARefinerAndAsksForItsSecondTextEncoder() {
  QVERIFY(!choice("refiner")->isVisible());
  engine::ModelInfo xl = test::modelInfo("xl");
  xl.family = engine::ModelFamily::StableDiffusionXl;
  xl.parts.push_back({"Text encoder 2", false, 0, {}});
  const auto path = desk_->addFile("xl.safetensors", xl);
  chooser_->openModel(path);
  QTRY_COMPARE(request().model, path);
  QVERIFY(shows(QStringLiteral("No second text encoder")));
  chooser_->openTextEncoder2(desk_->model());
  QTRY_COMPARE(request().textEncoder2, desk_->model());
  QVERIFY(!shows(QStringLiteral("No second text encoder")));
  QVERIFY(choice("refiner")->isVisible());
  auto* at = chooser_->findChild<QWidget*>(QStringLiteral("refiner_switch_at"));
  QVERIFY(!at->isVisible());
  chooser_->openRefiner(desk_->model());
  QTRY_COMPARE(request().refiner, desk_->model());
  QVERIFY(at->isVisible());
}

void ModelChooserTest::settingsForFewStepsAreTakenWithOneClick() {
  engine::ModelInfo fast = test::modelInfo("fast");
  fast.suggestion = engine::SuggestedSettings{"LCM", "file name"};
  const auto path = desk_->addFile("fast.safetensors", fast);
  auto* use = chooser_->findChild<QPushButton*>(QStringLiteral("use_suggested"));
  QVERIFY(!use->isVisible());
  chooser_->openModel(path);
  QTRY_VERIFY(use->isVisible());
  use->click();
  QCOMPARE(request().steps, 4);
  QVERIFY(request().sampler == engine::Sampler::Lcm);
  QVERIFY(!use->isVisible());
}

void ModelChooserTest::aModelThatIsGoneIsNamed() {
  draft().edit([](engine::GenerationRequest& r) { r.model = "/elsewhere/gone.safetensors"; });
  QCOMPARE(choice("model")->box()->currentText(), QStringLiteral("gone.safetensors"));
  QVERIFY(shows(QStringLiteral("/elsewhere/gone.safetensors")));
}

void ModelChooserTest::everyControlHasAName() {
  const auto boxes = chooser_->findChildren<QComboBox*>();
  QCOMPARE(boxes.size(), 5);
  for (const QComboBox* box : boxes) QVERIFY(!box->accessibleName().isEmpty());
  const auto buttons = chooser_->findChildren<QToolButton*>();
  for (const QToolButton* button : buttons) {
    QVERIFY(!button->accessibleName().isEmpty());
    QVERIFY(!button->toolTip().isEmpty());
  }
}

}  // namespace studio::ui

QTEST_MAIN(studio::ui::ModelChooserTest)
#include "model_chooser_test.moc"
