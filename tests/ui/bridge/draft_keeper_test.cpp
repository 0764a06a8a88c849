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

  void aDamagedDraftIsLikeAFirstRun() {
    test::TestDesk desk;
    desk.settings.draft.set(QStringLiteral("{\"steps\": [}"));
    RequestDraft draft;
    const DraftKeeper keeper(draft, desk.workspace->library, desk.settings);
    QCOMPARE(draft.request().steps, 20);
    QCOMPARE(draft.request().model, desk.workspace->library.starterModel());
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
