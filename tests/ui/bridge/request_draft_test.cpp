#include "ui/bridge/request_draft.h"

#include <QSignalSpy>
#include <QTest>

namespace studio::ui {

class RequestDraftTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void anEditThatChangesNothingIsSilent() {
    RequestDraft draft;
    QSignalSpy spy(&draft, &RequestDraft::changed);
    draft.edit([](auto& request) { request.steps = 20; });
    QCOMPARE(spy.count(), 0);
    QCOMPARE(draft.undoStack().count(), 0);
  }

  void anEditIsAnnouncedAndCanBeTakenBack() {
    RequestDraft draft;
    QSignalSpy spy(&draft, &RequestDraft::changed);
    draft.edit([](auto& request) { request.steps = 30; });
    QCOMPARE(spy.count(), 1);
    QCOMPARE(draft.request().steps, 30);
    draft.undoStack().undo();
    QCOMPARE(draft.request().steps, 20);
    draft.undoStack().redo();
    QCOMPARE(draft.request().steps, 30);
    QCOMPARE(spy.count(), 3);
  }

  void aDraggedSliderIsOneStepOfUndo() {
    RequestDraft draft;
    for (int steps = 21; steps <= 40; ++steps) draft.edit([steps](auto& request) { request.steps = steps; });
    QCOMPARE(draft.undoStack().count(), 1);
    draft.undoStack().undo();
    QCOMPARE(draft.request().steps, 20);
  }

  void editsOfDifferentFieldsStaySteps() {
    RequestDraft draft;
    draft.edit([](auto& request) { request.steps = 30; });
    draft.edit([](auto& request) { request.guidanceScale = 3; });
    QCOMPARE(draft.undoStack().count(), 2);
    draft.undoStack().undo();
    QCOMPARE(draft.request().steps, 30);
    QCOMPARE(draft.request().guidanceScale, 7.0);
  }

  void goingBackToWhereADragBeganLeavesNoStep() {
    RequestDraft draft;
    draft.edit([](auto& request) { request.steps = 21; });
    draft.edit([](auto& request) { request.steps = 20; });
    QCOMPARE(draft.undoStack().count(), 0);
  }

  void aPatchTakesOnlyItsFieldsInOneStep() {
    RequestDraft draft;
    engine::RequestPatch patch;
    patch.values.prompt = "a pond";
    patch.values.steps = 9;
    patch.values.guidanceScale = 1;
    patch.present = {"prompt", "steps"};
    draft.apply(patch, QStringLiteral("picture"));
    QCOMPARE(draft.request().prompt, std::string("a pond"));
    QCOMPARE(draft.request().steps, 9);
    QCOMPARE(draft.request().guidanceScale, 7.0);
    QCOMPARE(draft.undoStack().count(), 1);
    QCOMPARE(draft.undoStack().undoText(), QStringLiteral("picture"));
  }

  void theLastSeedIsAnnouncedWhenItChanges() {
    RequestDraft draft;
    QSignalSpy spy(&draft, &RequestDraft::lastSeedChanged);
    QVERIFY(!draft.lastSeed());
    draft.setLastSeed({18446744073709551615ULL});
    draft.setLastSeed({18446744073709551615ULL});
    QCOMPARE(spy.count(), 1);
    QCOMPARE(draft.lastSeed()->value, std::uint64_t{18446744073709551615ULL});
  }
};

}  // namespace studio::ui

QTEST_GUILESS_MAIN(studio::ui::RequestDraftTest)
#include "request_draft_test.moc"
