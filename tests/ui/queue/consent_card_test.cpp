#include "ui/queue/consent_card.h"

#include "tests/ui/support/test_desk.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

namespace studio::ui {

class ConsentCardTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theQuestionIsShownUntilItIsAnswered() {
    test::TestDesk desk;
    ConsentCard card(desk.workspace->session);
    QVERIFY(card.isHidden());
    desk.workspace->session.generate();
    const engine::JobId job = desk.generator.last().id;
    desk.generator.start(job);
    for (const bool yes : {true, false}) {
      desk.generator.events().push(engine::ConsentAsked{job, engine::sentence("It would look different.")});
      QVERIFY(QTest::qWaitFor([&] { return !card.isHidden(); }));
      QCOMPARE(card.findChild<QLabel*>(QStringLiteral("consentText"))->text(),
               QStringLiteral("It would look different."));
      card.findChild<QPushButton*>(yes ? QStringLiteral("consentYes") : QStringLiteral("consentNo"))->click();
      QVERIFY(card.isHidden());
    }
    QCOMPARE(desk.generator.answers, (std::vector<bool>{true, false}));
  }

  void theQuestionGoesWithItsJob() {
    test::TestDesk desk;
    ConsentCard card(desk.workspace->session);
    desk.workspace->session.generate();
    const engine::JobId job = desk.generator.last().id;
    desk.generator.start(job);
    desk.generator.events().push(engine::ConsentAsked{job, engine::sentence("It would look different.")});
    QVERIFY(QTest::qWaitFor([&] { return !card.isHidden(); }));
    desk.generator.confirmCancel(job);
    QVERIFY(QTest::qWaitFor([&] { return card.isHidden(); }));
    QVERIFY(desk.generator.answers.empty());
  }

  void aPausedJobIsHandedOnWithWhereItIs() {
    test::TestDesk desk;
    GenerationSession& session = desk.workspace->session;
    session.generate();
    const engine::JobId job = desk.generator.last().id;
    desk.generator.start(job);
    session.pause();
    QCOMPARE(desk.generator.paused, std::vector<engine::JobId>{job});
    std::vector<engine::UnfinishedJob> paused;
    connect(&session, &GenerationSession::paused, this,
            [&paused](const engine::UnfinishedJob& left) { paused.push_back(left); });
    desk.generator.events().push(engine::JobPaused{job, {"abc", 12, 20, engine::Phase::Denoise}});
    QVERIFY(QTest::qWaitFor([&] { return !paused.empty(); }));
    QCOMPARE(paused[0].id, std::string("abc"));
    QCOMPARE(paused[0].step, 12);
    QVERIFY(!session.isBusy());
  }

  void aPictureMayGoFirst() {
    test::TestDesk desk;
    GenerationSession& session = desk.workspace->session;
    session.generate();
    const engine::JobId patient = desk.generator.last().id;
    desk.generator.start(patient);
    session.generateFirst();
    QCOMPARE(desk.generator.submittedFirst, 1);
    const engine::JobId urgent = desk.generator.last().id;
    QSignalSpy noticed(&session, &GenerationSession::noticed);
    desk.generator.events().push(engine::JobGaveWay{patient});
    QVERIFY(noticed.wait());
    desk.generator.start(urgent);
    desk.generator.finish(urgent, 1);
    QVERIFY(QTest::qWaitFor([&] { return session.waiting() == 0; }));
    QVERIFY(session.isBusy());
    desk.generator.start(patient);
    desk.generator.finish(patient, 1);
    QVERIFY(QTest::qWaitFor([&] { return !session.isBusy(); }));
  }
};

}  // namespace studio::ui

QTEST_MAIN(studio::ui::ConsentCardTest)
#include "consent_card_test.moc"
