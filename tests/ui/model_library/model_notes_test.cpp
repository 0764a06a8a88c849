#include "ui/model_library/model_notes.h"

#include <QTest>

namespace studio::ui {
namespace {

engine::ModelInfo model(bool textEncoder, bool vae) {
  engine::ModelInfo info;
  info.path = "/m/kiln.safetensors";
  info.name = "kiln";
  info.family = engine::ModelFamily::StableDiffusion1;
  info.precision = "fp16";
  info.fileBytes = {std::int64_t{2} << 30};
  info.parts = {{"UNet", true, 1, "fp16"}, {"Text encoder", textEncoder, 1, "fp16"}, {"VAE", vae, 1, "fp16"}};
  return info;
}

engine::OtherInfo other(const char* file, const char* kind) {
  engine::OtherInfo info;
  info.path = file;
  info.kind = kind;
  return info;
}

}  // namespace

class ModelNotesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void factsNameFamilyPrecisionAndSize();
  void aWholeModelNeedsNoNotes();
  void aMissingVaeIsTakenFromBesideTheModel();
  void missingPartsAreWarnedOfUntilAFileIsChosen();
  void modelsOfAnotherFamilyAreWarnedOf();
  void velocityAndSettingsForFewStepsAreToldWithTheirSource();
  void whatThePersonChoseIsTold();
};

void ModelNotesTest::factsNameFamilyPrecisionAndSize() {
  QCOMPARE(modelFacts(model(true, true)), QStringLiteral("SD 1.x · fp16 · 2.0 GiB"));
}

void ModelNotesTest::whatThePersonChoseIsTold() {
  engine::ModelInfo info = model(true, true);
  info.chosen = {engine::PredictionType::Velocity, engine::ZeroTerminalSnr::Off};
  const auto notes = modelNotes(info, {}, {});
  QCOMPARE(notes.size(), std::size_t{2});
  QCOMPARE(notes[0].text, QStringLiteral("v-prediction, as you chose for this file."));
  QCOMPARE(notes[1].text, QStringLiteral("No zero terminal SNR, as you chose for this file."));
  info.chosen = {};
  info.edm = engine::EdmNoise{0.002, 80, 0.5};
  QVERIFY(modelNotes(info, {}, {}).front().text.contains(QStringLiteral("0.002 to 80")));
}

void ModelNotesTest::aWholeModelNeedsNoNotes() { QVERIFY(modelNotes(model(true, true), {}, {}).empty()); }

void ModelNotesTest::aMissingVaeIsTakenFromBesideTheModel() {
  engine::CatalogListing listing;
  listing.others = {other("/elsewhere/kiln.vae.safetensors", "VAE"), other("/m/other.vae.safetensors", "VAE"),
                    other("/m/kiln.vae.safetensors", "Preview decoder"), other("/m/x4.safetensors", "Upscaler")};
  QCOMPARE(vaeBeside(model(true, false), listing), std::filesystem::path("/m/kiln.vae.safetensors"));
  QCOMPARE(vaeFiles(listing).size(), std::size_t{3});
  const auto notes = modelNotes(model(true, false), {}, listing);
  QCOMPARE(notes.size(), std::size_t{1});
  QVERIFY(notes[0].kind == ModelNote::Kind::Fact);
  QVERIFY(notes[0].text.contains(QStringLiteral("kiln.vae.safetensors")));
}

void ModelNotesTest::missingPartsAreWarnedOfUntilAFileIsChosen() {
  const auto notes = modelNotes(model(false, false), {}, {});
  QCOMPARE(notes.size(), std::size_t{2});
  QVERIFY(notes[0].kind == ModelNote::Kind::Warning);
  QVERIFY(notes[0].text.contains(QStringLiteral("text encoder")));
  QVERIFY(notes[1].kind == ModelNote::Kind::Warning);
  engine::GenerationRequest request;
  request.vae = "/m/a.safetensors";
  request.textEncoder = "/m/b.safetensors";
  QVERIFY(modelNotes(model(false, false), request, {}).empty());
}

void ModelNotesTest::modelsOfAnotherFamilyAreWarnedOf() {
  engine::ModelInfo info = model(true, true);
  info.family = engine::ModelFamily::StableDiffusion3;
  const auto notes = modelNotes(info, {}, {});
  QCOMPARE(notes.size(), std::size_t{1});
  QVERIFY(notes[0].kind == ModelNote::Kind::Warning);
}

void ModelNotesTest::velocityAndSettingsForFewStepsAreToldWithTheirSource() {
  engine::ModelInfo info = model(true, true);
  info.prediction = engine::PredictionType::Velocity;
  info.predictionSource = engine::PredictionSource::Configuration;
  info.suggestion = engine::SuggestedSettings{"Lightning", "file name"};
  const auto notes = modelNotes(info, {}, {});
  QCOMPARE(notes.size(), std::size_t{2});
  QVERIFY(notes[0].text.contains(QStringLiteral("beside the file")));
  QVERIFY(notes[1].text.contains(QStringLiteral("Lightning")));
  engine::GenerationRequest request;
  QVERIFY(!follows(*info.suggestion, request));
  useSuggestion(*info.suggestion, request);
  QVERIFY(follows(*info.suggestion, request));
  QCOMPARE(request.steps, 4);
}

}  // namespace studio::ui

QTEST_GUILESS_MAIN(studio::ui::ModelNotesTest)
#include "model_notes_test.moc"
