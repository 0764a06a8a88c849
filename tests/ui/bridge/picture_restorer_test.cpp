#include "tests/ui/support/test_desk.h"

#include "engine/api/image_io.h"

#include <QImage>
#include <QSignalSpy>
#include <QTest>

#include <fstream>

namespace studio::ui {
namespace {

engine::PictureMetadata metadataOf(const engine::GenerationRequest& request) {
  engine::PictureMetadata metadata;
  metadata.request = request;
  metadata.modelName = request.model.stem().string();
  return metadata;
}

/// Of A1111, with a model and a LoRA that have other names here.
std::filesystem::path foreignPicture(test::TestDesk& desk) {
  QImage image(16, 16, QImage::Format_RGB32);
  image.fill(Qt::gray);
  image.setText(QStringLiteral("parameters"),
                QStringLiteral("a duck<lora:ghost:0.7>\nSteps: 5, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 64x64, "
                               "Model hash: c0d1994c73, Model: realistic, Lora hashes: \"ghost: aabbccddee\""));
  const std::filesystem::path path = desk.folder() / "theirs.png";
  image.save(QString::fromStdString(path.string()), "PNG");
  return path;
}

struct Answers {
  explicit Answers(PictureRestorer& restorer) {
    QObject::connect(&restorer, &PictureRestorer::restored, &restorer, [this](const auto&, const RestoreReport& given) {
      report = given;
      ++restored;
    });
    QObject::connect(&restorer, &PictureRestorer::refused, &restorer,
                     [this](const auto&, const QString& given) { reason = given; });
    QObject::connect(&restorer, &PictureRestorer::searched, &restorer, [this](const RestoreReport& given, bool) {
      found = given;
      ++searched;
    });
  }
  RestoreReport found;
  int searched = 0;
  RestoreReport report;
  QString reason;
  int restored = 0;
};

}  // namespace

class PictureRestorerTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void ourPictureGivesEverythingBackInOneUndoStep() {
    test::TestDesk desk;
    engine::GenerationRequest wanted;
    wanted.model = desk.model();
    wanted.prompt = "桜 and a pond";
    wanted.negativePrompt = "blurry";
    wanted.size = {192, 128};
    wanted.steps = 11;
    wanted.sampler = engine::Sampler::Heun;
    wanted.schedule = engine::Schedule::Beta;
    wanted.guidanceScale = 4.5;
    wanted.seed = engine::Seed{18446744073709551615ULL};
    wanted.loras = {{desk.lora("ink"), 0.75}};
    const auto path = engine::writePicture(test::testPicture(192, 128), metadataOf(wanted), desk.folder() / "ours.png");
    QVERIFY(path);
    const engine::GenerationRequest before = desk.workspace->draft.request();
    Answers answers(desk.workspace->restorer);

    desk.workspace->restorer.restore(path.value());

    QVERIFY(QTest::qWaitFor([&] { return answers.restored == 1; }));
    QCOMPARE(desk.workspace->draft.request(), wanted);
    QVERIFY(answers.report.missing.empty());
    desk.workspace->draft.undoStack().undo();
    QCOMPARE(desk.workspace->draft.request(), before);
  }

  void filesThatAreNotHereAreNamedAndTheRestIsTaken() {
    test::TestDesk desk;
    engine::GenerationRequest other;
    other.model = "/their/folder/foreign.safetensors";
    other.prompt = "a boat";
    other.loras = {{"/their/folder/unknown.safetensors", 1.0}, {desk.lora("glow"), 0.5}};
    const auto path = engine::writePicture(test::testPicture(16, 16), metadataOf(other), desk.folder() / "theirs.png");
    QVERIFY(path);
    Answers answers(desk.workspace->restorer);

    desk.workspace->restorer.restore(path.value());

    QVERIFY(QTest::qWaitFor([&] { return answers.restored == 1; }));
    QCOMPARE(desk.workspace->draft.request().model, desk.model());
    QCOMPARE(desk.workspace->draft.request().prompt, std::string("a boat"));
    QCOMPARE(desk.workspace->draft.request().loras.size(), std::size_t{1});
    QCOMPARE(desk.workspace->draft.request().loras[0].file, desk.lora("glow"));
    const QString said = answers.report.text();
    QVERIFY2(said.contains(QStringLiteral("foreign")), qPrintable(said));
    QVERIFY2(said.contains(QStringLiteral("unknown")), qPrintable(said));
  }

  void aRefinerIsTakenOverNamedOrTakenAway() {
    test::TestDesk desk;
    engine::GenerationRequest wanted;
    wanted.model = desk.model();
    wanted.refiner = desk.model();
    wanted.refinerSwitchAt = 0.7;
    const auto with = engine::writePicture(test::testPicture(16, 16), metadataOf(wanted), desk.folder() / "with.png");
    wanted.refiner = "/their/folder/polish.safetensors";
    const auto other = engine::writePicture(test::testPicture(16, 16), metadataOf(wanted), desk.folder() / "other.png");
    wanted.refiner.clear();
    const auto none = engine::writePicture(test::testPicture(16, 16), metadataOf(wanted), desk.folder() / "none.png");
    Answers answers(desk.workspace->restorer);
    const auto refinerAfter = [&](const std::filesystem::path& picture) {
      const int before = answers.restored;
      desk.workspace->restorer.restore(picture);
      const bool answered = QTest::qWaitFor([&] { return answers.restored == before + 1; });
      return answered ? desk.workspace->draft.request().refiner : std::filesystem::path("no answer");
    };

    QCOMPARE(refinerAfter(with.value()), desk.model());
    QCOMPARE(desk.workspace->draft.request().refinerSwitchAt, 0.7);
    QVERIFY(refinerAfter(other.value()).empty());
    QVERIFY(answers.report.missingNames().contains(QStringLiteral("polish.safetensors")));
    QVERIFY(refinerAfter(none.value()).empty());
  }

  void aVaeIsFoundByNameAndNoneTakesTheDraftsAway() {
    test::TestDesk desk;
    engine::OtherInfo vae;
    vae.kind = "VAE";
    const std::filesystem::path soft = desk.addFile("soft.vae.safetensors", vae);
    desk.workspace->library.rescan();
    desk.waitForScan();
    engine::GenerationRequest request = desk.workspace->draft.request();
    Answers answers(desk.workspace->restorer);
    const auto restore = [&](const std::filesystem::path& file, const std::string& name) {
      request.vae = file;
      const int before = answers.restored;
      const auto path = engine::writePicture(test::testPicture(16, 16), metadataOf(request), desk.folder() / name);
      desk.workspace->restorer.restore(path.value());
      QVERIFY(QTest::qWaitFor([&] { return answers.restored > before; }));
    };
    restore("/their/folder/soft.vae.safetensors", "soft.png");
    QCOMPARE(desk.workspace->draft.request().vae, soft);
    restore("/their/folder/hard.vae.safetensors", "hard.png");
    QCOMPARE(desk.workspace->draft.request().vae, soft);
    QCOMPARE(answers.report.missingNames(), QStringList{QStringLiteral("hard.vae.safetensors")});
    restore({}, "none.png");
    QVERIFY(desk.workspace->draft.request().vae.empty());
  }

  void whatIsMissingIsFoundByItsHashAndFilledIn() {
    test::TestDesk desk;
    desk.addFile("renamed.safetensors", test::modelInfo("renamed"));
    desk.addFile("wash.safetensors", test::loraInfo("wash"));
    desk.workspace->library.rescan();
    desk.waitForScan();
    desk.inspector.hashes = {{"c0d1994c73", "renamed"}, {"aabbccddee", "wash"}};
    Answers answers(desk.workspace->restorer);

    desk.workspace->restorer.restore(foreignPicture(desk));

    QVERIFY(QTest::qWaitFor([&] { return answers.searched == 1; }));
    QVERIFY(answers.report.searching);
    QCOMPARE(answers.report.missingNames(), (QStringList{QStringLiteral("realistic"), QStringLiteral("ghost")}));
    const engine::GenerationRequest& request = desk.workspace->draft.request();
    QCOMPARE(request.model, desk.lora("renamed"));
    QCOMPARE(request.loras.size(), std::size_t{1});
    QCOMPARE(request.loras[0].file, desk.lora("wash"));
    QCOMPARE(request.loras[0].weight, 0.7);
    QVERIFY(answers.found.missing.empty());
    QCOMPARE(answers.found.foundByHash.size(), 2);
    desk.workspace->draft.undoStack().undo();
    QCOMPARE(request.model, desk.model());
    QCOMPARE(request.prompt, std::string("a duck"));
  }

  void aSearchByHashLeavesAloneWhatThePersonHasChosenMeanwhile() {
    test::TestDesk desk;
    desk.addFile("renamed.safetensors", test::modelInfo("renamed"));
    desk.workspace->library.rescan();
    desk.waitForScan();
    desk.inspector.hashes = {{"c0d1994c73", "renamed"}};
    desk.inspector.hold = true;
    Answers answers(desk.workspace->restorer);
    desk.workspace->restorer.restore(foreignPicture(desk));
    QVERIFY(QTest::qWaitFor([&] { return answers.restored == 1; }));
    desk.workspace->draft.edit([](engine::GenerationRequest& r) { r.model = "/mine.safetensors"; });
    desk.inspector.hold = false;
    QVERIFY(QTest::qWaitFor([&] { return answers.searched == 1; }));
    QCOMPARE(desk.workspace->draft.request().model, std::filesystem::path("/mine.safetensors"));
    QVERIFY(answers.found.foundByHash.at(0).contains(QStringLiteral("renamed")));
  }

  void whoTakesTheRestoreBackGetsNothingFilledInLater() {
    test::TestDesk desk;
    desk.addFile("renamed.safetensors", test::modelInfo("renamed"));
    desk.workspace->library.rescan();
    desk.waitForScan();
    desk.inspector.hashes = {{"c0d1994c73", "renamed"}};
    desk.inspector.hold = true;
    const engine::GenerationRequest before = desk.workspace->draft.request();
    Answers answers(desk.workspace->restorer);
    desk.workspace->restorer.restore(foreignPicture(desk));
    QVERIFY(QTest::qWaitFor([&] { return answers.restored == 1; }));
    desk.workspace->draft.undoStack().undo();
    desk.inspector.hold = false;
    QVERIFY(QTest::qWaitFor([&] { return answers.searched == 1; }));
    QCOMPARE(desk.workspace->draft.request(), before);
  }

  void aSearchByHashCanBeStopped() {
    test::TestDesk desk;
    desk.inspector.hold = true;
    Answers answers(desk.workspace->restorer);
    desk.workspace->restorer.restore(foreignPicture(desk));
    QVERIFY(QTest::qWaitFor([&] { return answers.restored == 1; }));
    QSignalSpy progress(&desk.workspace->restorer, &PictureRestorer::searchProgressed);
    QVERIFY(progress.count() == 1 || progress.wait());
    desk.workspace->restorer.stopSearch();
    QVERIFY(QTest::qWaitFor([&] { return answers.searched == 1; }));
    QCOMPARE(answers.found.missing.size(), std::size_t{2});
    QVERIFY(!answers.found.searching);
  }

  void aLoraIsAlsoKnownByTheNameItWasTrainedUnder() {
    test::TestDesk desk;
    engine::LoraInfo lora = test::loraInfo("v2-final");
    lora.metadata = {{"ss_output_name", "Ghost"}};
    desk.addFile("v2-final.safetensors", lora);
    desk.workspace->library.rescan();
    desk.waitForScan();
    Answers answers(desk.workspace->restorer);
    desk.workspace->restorer.restore(foreignPicture(desk));
    QVERIFY(QTest::qWaitFor([&] { return answers.restored == 1; }));
    QCOMPARE(desk.workspace->draft.request().loras.size(), std::size_t{1});
    QCOMPARE(desk.workspace->draft.request().loras[0].file, desk.lora("v2-final"));
  }

  void aFileThatIsNoPictureChangesNothing() {
    test::TestDesk desk;
    const std::filesystem::path path = desk.folder() / "fake.png";
    std::ofstream(path) << "not a picture";
    const engine::GenerationRequest before = desk.workspace->draft.request();
    Answers answers(desk.workspace->restorer);

    desk.workspace->restorer.restore(path);

    QVERIFY(QTest::qWaitFor([&] { return !answers.reason.isEmpty(); }));
    QCOMPARE(desk.workspace->draft.request(), before);
    QCOMPARE(desk.workspace->draft.undoStack().count(), 0);
  }
};

}  // namespace studio::ui

QTEST_GUILESS_MAIN(studio::ui::PictureRestorerTest)
#include "picture_restorer_test.moc"
