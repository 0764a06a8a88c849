#include "engine/api/image_io.h"
#include "tests/ui/support/test_desk.h"

#include <QTest>

namespace studio::ui {

class DraftKeeperTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theDraftComesBackInTheNextSession() {
    test::TestDesk desk;
    desk.workspace->draft.edit([&](auto& request) {
      request.prompt = "a lighthouse, 灯台";
      request.seed = engine::Seed{18446744073709551615ULL};
      request.loras = {{desk.lora("glow"), 0.5}};
    });
    const engine::GenerationRequest left = desk.workspace->draft.request();
    RequestDraft draft;
    const DraftKeeper keeper(draft, desk.workspace->library, desk.settings);
    QCOMPARE(draft.request(), left);
    QCOMPARE(draft.undoStack().count(), 0);
  }

  void filesOpenedFromOutsideTheFoldersAreThereInTheNextSession() {
    test::TestDesk desk;
    desk.inspector.files["far.safetensors"] = test::modelInfo("far");
    desk.inspector.files["away.safetensors"] = test::loraInfo("away");
    desk.workspace->draft.edit([&](auto& request) {
      request.model = desk.folder() / "far.safetensors";
      request.loras = {{desk.folder() / "away.safetensors", 1.0}};
    });
    const Workspace next(Collaborators{desk.settings, desk.generator, desk.inspector, desk.tokenCounter,
                                       desk.promptLinter, desk.devices, desk.estimator, desk.unfinishedJobs,
                                       QStringLiteral("0.0-test")});
    QCOMPARE(next.session.reasons().size(), std::size_t{1});
    QVERIFY(next.session.reasons()[0].text.contains(QStringLiteral("still being looked through")));
    QVERIFY(QTest::qWaitFor([&] { return next.library.isScanned(); }));
    QVERIFY2(next.session.mayGenerate(),
             qPrintable(next.session.reasons().empty() ? QString() : next.session.reasons()[0].text));
    QVERIFY(next.library.findLora(desk.folder() / "away.safetensors") != nullptr);
  }

  void numbersOutsideTheirRangesAreBroughtIn() {
    test::TestDesk desk;
    desk.settings.draft.set(
        QStringLiteral("{\"model\": \"/m.safetensors\", \"steps\": 5000, \"width\": 99999, \"height\": 131, "
                       "\"clip_skip\": 0, \"guidance_scale\": 1000}"));
    RequestDraft draft;
    const DraftKeeper keeper(draft, desk.workspace->library, desk.settings);
    QCOMPARE(draft.request().steps, 1000);
    QCOMPARE(draft.request().size.width, 8192);
    QCOMPARE(draft.request().size.height, 128);
    QCOMPARE(draft.request().clipSkip, 1);
    QCOMPARE(draft.request().guidanceScale, 100.0);
  }

  void aDamagedDraftIsLikeAFirstRun() {
    test::TestDesk desk;
    desk.settings.draft.set(QStringLiteral("{\"steps\": [}"));
    RequestDraft draft;
    const DraftKeeper keeper(draft, desk.workspace->library, desk.settings);
    QCOMPARE(draft.request().steps, 20);
    QCOMPARE(draft.request().model, desk.workspace->library.starterModel());
  }

  void whatIsChangedBeforeTheFirstScanEndsIsKept() {
    test::TestDesk desk;
    Library& library = desk.workspace->library;
    if (library.starterModel().empty()) QSKIP("no starter model in resources/starter");
    desk.inspector.files["starter.safetensors"] = test::modelInfo("starter");
    desk.settings.draft.reset();
    RequestDraft typed;
    RequestDraft resized;
    const DraftKeeper keeper(typed, library, desk.settings);
    const DraftKeeper other(resized, library, desk.settings);
    typed.edit([](auto& request) { request.prompt = "a pond"; });
    resized.edit([](auto& request) { request.size = {256, 320}; });
    library.rescan();
    desk.waitForScan();
    QCOMPARE(typed.request().size.width, 128);
    typed.undoStack().undo();
    QCOMPARE(typed.request().prompt, std::string("a pond"));
    QCOMPARE(resized.request().size.height, 320);
    QVERIFY(resized.undoStack().canUndo());
  }

  void aFirstRunTakesTheStarterAndItsTrainedSize() {
    test::TestDesk desk;
    Library& library = desk.workspace->library;
    if (library.starterModel().empty()) QSKIP("no starter model in resources/starter");
    engine::ModelInfo starter = test::modelInfo("starter");
    starter.trainedSize = {192, 64};
    desk.inspector.files["starter.safetensors"] = starter;
    desk.settings.draft.reset();
    RequestDraft draft;
    const DraftKeeper keeper(draft, library, desk.settings);
    library.rescan();
    desk.waitForScan();
    QCOMPARE(draft.request().model, library.starterModel());
    QCOMPARE(draft.request().size.width, 192);
    QCOMPARE(draft.request().size.height, 64);
  }
};

}  // namespace studio::ui

QTEST_GUILESS_MAIN(studio::ui::DraftKeeperTest)
#include "draft_keeper_test.moc"
