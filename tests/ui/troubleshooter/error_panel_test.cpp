#include "ui/troubleshooter/error_panel.h"
#include "tests/ui/support/find_controls.h"
#include "tests/ui/support/test_desk.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

namespace studio::ui {
namespace {

using engine::ErrorKind;
using test::buttonWith;

void failWith(test::TestDesk& desk, ErrorKind kind) {
  desk.workspace->session.generate();
  desk.generator.fail(desk.generator.last().id, {kind, "The sentence of the engine.", "a detail"});
  QVERIFY(QTest::qWaitFor([&] { return desk.workspace->session.lastError().has_value(); }));
}

}  // namespace

class ErrorPanelTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void thePanelIsThereOnlyWhileThereIsAFailure() {
    test::TestDesk desk;
    ErrorPanel panel(desk.workspace->session, desk.workspace->draft);
    QVERIFY(panel.isHidden());
    failWith(desk, ErrorKind::BadFile);
    QVERIFY(!panel.isHidden());
    QVERIFY(panel.findChild<QLabel*>(QStringLiteral("happened"))
                ->text()
                .contains(QStringLiteral("The sentence of the engine.")));
    buttonWith(panel, QStringLiteral("Close"))->click();
    QVERIFY(panel.isHidden());
  }

  void everyKindOfFailureHasATitleAMeaningAndAStep() {
    for (const ErrorKind kind : {ErrorKind::BadRequest, ErrorKind::BadFile, ErrorKind::MissingFile,
                                 ErrorKind::MissingPart, ErrorKind::WrongFamily, ErrorKind::OutOfMemory,
                                 ErrorKind::CannotWrite, ErrorKind::Device, ErrorKind::Internal}) {
      const ErrorAdvice advice = adviceFor({kind, "x", "y"}, {});
      QVERIFY2(!advice.title.isEmpty() && !advice.meaning.isEmpty() && !advice.steps.isEmpty(),
               engine::errorKindName(kind));
    }
  }

  void everyDiagnosisOfADeviceIsExplainedInItsOwnWords() {
    engine::EngineError error{ErrorKind::Device, "x", "y"};
    QStringList titles;
    for (const engine::Diagnosis diagnosis :
         {engine::Diagnosis::None, engine::Diagnosis::DeviceMismatch, engine::Diagnosis::DriverMissing,
          engine::Diagnosis::DriverTooOld, engine::Diagnosis::NoKernelImage, engine::Diagnosis::DeviceFailed}) {
      error.diagnosis = diagnosis;
      const ErrorAdvice advice = adviceFor(error, {});
      QVERIFY(!advice.meaning.isEmpty() && !advice.steps.isEmpty());
      QVERIFY2(!titles.contains(advice.title), qPrintable(advice.title));
      titles.append(advice.title);
    }
  }

  void outOfMemoryOffersASmallerPictureAndStartsIt() {
    test::TestDesk desk;
    desk.workspace->draft.edit([](auto& request) { request.size = {512, 768}; });
    ErrorPanel panel(desk.workspace->session, desk.workspace->draft);
    failWith(desk, ErrorKind::OutOfMemory);
    QPushButton* smaller = buttonWith(panel, QStringLiteral("384 × 576"));
    QVERIFY(smaller != nullptr);
    smaller->click();
    QCOMPARE(desk.generator.submitted.size(), std::size_t{2});
    QCOMPARE(desk.generator.last().request.size.width, 384);
    QCOMPARE(desk.generator.last().request.size.height, 576);
    QVERIFY(panel.isHidden());
    desk.workspace->draft.undoStack().undo();
    QCOMPARE(desk.workspace->draft.request().size.width, 512);
  }

  void aBatchIsSplitBeforePixelsAreTakenAway() {
    engine::GenerationRequest request;
    request.batchSize = 4;
    request.batchCount = 2;
    const ErrorAdvice advice = adviceFor({ErrorKind::OutOfMemory, "x", ""}, request);
    QCOMPARE(advice.remedies.front(), Remedy::BatchOfOne);
    applyRemedy(Remedy::BatchOfOne, request);
    QCOMPARE(request.batchSize, 1);
    QCOMPARE(request.batchCount, 8);
  }

  void anUnwritableFolderLeadsToAnotherFolder() {
    test::TestDesk desk;
    ErrorPanel panel(desk.workspace->session, desk.workspace->draft);
    QSignalSpy spy(&panel, &ErrorPanel::chooseOutputFolderWanted);
    failWith(desk, ErrorKind::CannotWrite);
    buttonWith(panel, QStringLiteral("Choose a folder"))->click();
    QCOMPARE(spy.count(), 1);
  }

  void tryAgainSubmitsTheJobThatFailedNotTheOneThatRunsNow() {
    test::TestDesk desk;
    ErrorPanel panel(desk.workspace->session, desk.workspace->draft);
    desk.failSecondOfThree({ErrorKind::MissingFile, "The model is gone.", ""});
    buttonWith(panel, QStringLiteral("Try again"))->click();
    QCOMPARE(desk.generator.submitted.size(), std::size_t{4});
    QCOMPARE(desk.generator.last().request.steps, 6);
    QCOMPARE(desk.workspace->draft.request().steps, 6);
  }

  void tryAgainSubmitsTheSameRequest() {
    test::TestDesk desk;
    ErrorPanel panel(desk.workspace->session, desk.workspace->draft);
    failWith(desk, ErrorKind::Device);
    const engine::GenerationRequest failed = desk.generator.last().request;
    desk.workspace->draft.edit([](auto& request) { request.steps = 3; });
    buttonWith(panel, QStringLiteral("Try again"))->click();
    QCOMPARE(desk.generator.last().request, failed);
  }
};

}  // namespace studio::ui

QTEST_MAIN(studio::ui::ErrorPanelTest)
#include "error_panel_test.moc"
