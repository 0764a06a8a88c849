#include "tests/ui/support/test_desk.h"

#include <QSignalSpy>
#include <QTest>

namespace studio::ui {

using State = GenerationSession::State;

class GenerationSessionTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aSoundRequestMayBeGenerated() {
    test::TestDesk desk;
    QVERIFY(desk.workspace->session.mayGenerate());
    desk.workspace->session.generate();
    QCOMPARE(desk.generator.submitted.size(), std::size_t{1});
    QCOMPARE(desk.generator.last().request, desk.workspace->draft.request());
    QCOMPARE(desk.workspace->session.state(), State::Running);
  }

  void everyReasonAgainstIsNamedWithItsControl() {
    test::TestDesk desk;
    desk.workspace->draft.edit([](auto& request) {
      request.model = "/gone/other.safetensors";
      request.steps = 0;
      request.size.width = 100001;
      request.loras.push_back({"/gone/lost.safetensors", 1.0});
    });
    QStringList fields;
    for (const Reason& reason : desk.workspace->session.reasons()) fields.append(reason.field);
    QCOMPARE(fields, QStringList({QStringLiteral("model"), QStringLiteral("width"), QStringLiteral("steps"),
                                  QStringLiteral("loras")}));
    QVERIFY(desk.workspace->session.reasons()[0].text.contains(QStringLiteral("other.safetensors")));
    desk.workspace->session.generate();
    QVERIFY(desk.generator.submitted.empty());
  }

  void aModelOfAnotherFamilyIsAReason() {
    test::TestDesk desk;
    engine::ModelInfo xl = test::modelInfo("bigxl");
    xl.family = engine::ModelFamily::Flux;
    const auto path = desk.addFile("bigxl.safetensors", xl);
    desk.workspace->library.rescan();
    desk.waitForScan();
    desk.workspace->draft.edit([&](auto& request) { request.model = path; });
    QCOMPARE(desk.workspace->session.reasons().size(), std::size_t{1});
    QVERIFY(desk.workspace->session.reasons()[0].text.contains(QStringLiteral("Flux")));
  }

  void noModelAtAllIsAReason() {
    test::TestDesk desk;
    desk.workspace->draft.edit([](auto& request) { request.model.clear(); });
    QCOMPARE(desk.workspace->session.reasons().size(), std::size_t{1});
    QCOMPARE(desk.workspace->session.reasons()[0].field, QStringLiteral("model"));
  }

  void stopAnswersAtOnceAndIdleComesWithTheOutcome() {
    test::TestDesk desk;
    GenerationSession& session = desk.workspace->session;
    QSignalSpy stopped(&session, &GenerationSession::stopped);
    session.generate();
    session.stop();
    QCOMPARE(session.state(), State::Stopping);
    QCOMPARE(desk.generator.cancelled.size(), std::size_t{1});
    session.stop();
    QCOMPARE(desk.generator.cancelled.size(), std::size_t{1});
    desk.generator.confirmCancel(desk.generator.last().id);
    QVERIFY(stopped.wait());
    QCOMPARE(session.state(), State::Idle);
  }

  void generateWhileBusyPutsTheNextJobInLine() {
    test::TestDesk desk;
    GenerationSession& session = desk.workspace->session;
    session.generate();
    const engine::JobId first = desk.generator.last().id;
    desk.workspace->draft.edit([](auto& request) { request.steps = 7; });
    session.generate();
    const engine::JobId second = desk.generator.last().id;
    QCOMPARE(session.waiting(), 1);
    desk.generator.start(first);
    desk.generator.finish(first, 1);
    QVERIFY(QTest::qWaitFor([&] { return session.waiting() == 0; }));
    QCOMPARE(session.state(), State::Running);
    QCOMPARE(session.submittedRequest().steps, 7);
    desk.generator.start(second);
    desk.generator.finish(second, 1);
    QVERIFY(QTest::qWaitFor([&] { return session.state() == State::Idle; }));
  }

  void jobsInLineCanBeDroppedWhileTheFirstGoesOn() {
    test::TestDesk desk;
    GenerationSession& session = desk.workspace->session;
    for (int i = 0; i < 3; ++i) session.generate();
    desk.generator.start({1});
    session.dropWaiting();
    QCOMPARE(desk.generator.cancelled.size(), std::size_t{2});
    for (const engine::JobId job : desk.generator.cancelled) desk.generator.confirmCancel(job);
    QVERIFY(QTest::qWaitFor([&] { return session.waiting() == 0; }));
    QCOMPARE(session.state(), State::Running);
  }

  void progressKnowsStepSpeedAndTimeLeft() {
    test::TestDesk desk;
    GenerationSession& session = desk.workspace->session;
    session.generate();
    const engine::JobId job = desk.generator.last().id;
    desk.generator.start(job);
    desk.generator.phase(job, engine::Phase::Denoise);
    for (int step = 1; step <= 10; ++step) desk.generator.step(job, step, 20, 0.5);
    QVERIFY(QTest::qWaitFor([&] { return session.progress().step == 10; }));
    QCOMPARE(session.progress().steps, 20);
    QCOMPARE(session.progress().secondsPerStep, 0.5);
    QVERIFY(session.progress().secondsLeft);
    QVERIFY(*session.progress().secondsLeft >= 5.0);
    QVERIFY(*session.progress().secondsLeft < 7.0);
    QVERIFY(session.progress().fraction > 0.4);
    QVERIFY(session.progress().fraction < 0.5);
  }

  void progressNeverGoesBackOverBatches() {
    test::TestDesk desk;
    GenerationSession& session = desk.workspace->session;
    desk.workspace->draft.edit([](auto& request) { request.batchCount = 3; });
    session.generate();
    const engine::JobId job = desk.generator.last().id;
    double highest = 0;
    bool wentBack = false;
    connect(&session, &GenerationSession::progressChanged, this, [&] {
      wentBack = wentBack || session.progress().fraction < highest;
      highest = session.progress().fraction;
    });
    desk.generator.start(job);
    for (int batch = 0; batch < 3; ++batch) {
      desk.generator.phase(job, engine::Phase::Denoise);
      for (int step = 1; step <= 20; ++step) desk.generator.step(job, step, 20, 0.1 * (3 - batch), batch);
      desk.generator.phase(job, engine::Phase::Decode);
      desk.generator.picture(job, batch, 1, desk.folder() / ("p" + std::to_string(batch) + ".png"),
                             test::testPicture(8, 8));
    }
    desk.generator.finish(job, 3);
    QVERIFY(QTest::qWaitFor([&] { return !session.isBusy(); }));
    QVERIFY(!wentBack);
    QCOMPARE(highest, 1.0);
  }

  void aFailureOfAJobInLineSpeaksOfThatJob() {
    test::TestDesk desk;
    desk.failSecondOfThree({engine::ErrorKind::MissingFile, "The model is gone.", ""});
    const GenerationSession& session = desk.workspace->session;
    QCOMPARE(session.submittedRequest().steps, 7);
    QCOMPARE(session.failedRequest().steps, 6);
  }

  void everyJobThatIsTakenUpIsTold() {
    test::TestDesk desk;
    GenerationSession& session = desk.workspace->session;
    QSignalSpy taken(&session, &GenerationSession::jobTakenUp);
    session.generate();
    session.generate();
    desk.generator.start({1});
    desk.generator.finish({1}, 1);
    desk.generator.start({2});
    QVERIFY(QTest::qWaitFor([&] { return taken.count() == 2; }));
  }

  void aFailureIsKeptUntilItIsDismissedOrRetried() {
    test::TestDesk desk;
    GenerationSession& session = desk.workspace->session;
    session.generate();
    desk.generator.fail(desk.generator.last().id, {engine::ErrorKind::OutOfMemory, "Too big.", "4 GiB"});
    QVERIFY(QTest::qWaitFor([&] { return session.lastError().has_value(); }));
    QCOMPARE(session.state(), State::Idle);
    QCOMPARE(session.lastError()->kind, engine::ErrorKind::OutOfMemory);
    session.generate();
    QVERIFY(!session.lastError());
  }

  void aFinishedPictureGivesItsSeedAndJoinsTheGallery() {
    test::TestDesk desk;
    GenerationSession& session = desk.workspace->session;
    session.generate();
    const engine::JobId job = desk.generator.last().id;
    desk.generator.start(job);
    desk.generator.picture(job, 0, 77, desk.folder() / "a.png", test::testPicture(16, 8));
    QVERIFY(QTest::qWaitFor([&] { return desk.workspace->gallery.rowCount() == 1; }));
    QCOMPARE(desk.workspace->draft.lastSeed()->value, std::uint64_t{77});
    QCOMPARE(desk.workspace->gallery.picture(0).size.width, 16);
  }

  void engineSettingsReachTheEngineWhenTheyChange() {
    test::TestDesk desk;
    const std::size_t before = desk.generator.options.size();
    desk.settings.threads.set(1);
    desk.settings.theme.set(QStringLiteral("light"));
    QCOMPARE(desk.generator.options.size(), before + 1);
    QCOMPARE(desk.generator.options.back().threads, 1);
  }

  void picturesGoToTheChosenFolderInTheChosenFormat() {
    test::TestDesk desk;
    desk.settings.outputFolder.set(QStringLiteral("/pictures/窯"));
    desk.settings.outputFormat.set(QStringLiteral("webp"));
    desk.workspace->session.generate();
    QCOMPARE(desk.generator.last().output.pattern, std::string("/pictures/窯/{date}-{seed}.webp"));
  }
};

}  // namespace studio::ui

QTEST_GUILESS_MAIN(studio::ui::GenerationSessionTest)
#include "generation_session_test.moc"
