#include "ui/queue/consent_card.h"

#include "tests/ui/support/test_desk.h"
#include "ui/queue/progress_card.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

namespace studio::ui {
namespace {

/// A desk with a job at work.
struct BusyDesk : test::TestDesk {
  BusyDesk() {
    session.generate();
    job = generator.last().id;
    generator.start(job);
  }
  void ask() { generator.events().push(engine::ConsentAsked{job, engine::sentence("It would look different.")}); }

  GenerationSession& session = workspace->session;
  engine::JobId job;
};

}  // namespace

class ConsentCardTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theQuestionIsShownUntilItIsAnswered() {
    BusyDesk desk;
    ConsentCard card(desk.session);
    QVERIFY(card.isHidden());
    for (const bool yes : {true, false}) {
      desk.ask();
      QVERIFY(QTest::qWaitFor([&] { return !card.isHidden(); }));
      QCOMPARE(card.findChild<QLabel*>(QStringLiteral("consentText"))->text(),
               QStringLiteral("It would look different."));
      card.findChild<QPushButton*>(yes ? QStringLiteral("consentYes") : QStringLiteral("consentNo"))->click();
      QVERIFY(card.isHidden());
    }
    QCOMPARE(desk.generator.answers, (std::vector<bool>{true, false}));
  }

  void theProgressSaysThatItWaits() {
    BusyDesk desk;
    const ProgressCard card(desk.session);
    const auto says = [&card](const QString& words) {
      const auto labels = card.findChildren<QLabel*>();
      return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) { return label->text() == words; });
    };
    desk.ask();
    QVERIFY(QTest::qWaitFor([&] { return says(QStringLiteral("Waiting for your answer")); }));
    desk.session.answer(true);
    QVERIFY(says(QStringLiteral("Loading the model")));
  }

  void theQuestionGoesWithItsJob() {
    BusyDesk desk;
    ConsentCard card(desk.session);
    desk.ask();
    QVERIFY(QTest::qWaitFor([&] { return !card.isHidden(); }));
    desk.generator.confirmCancel(desk.job);
    QVERIFY(QTest::qWaitFor([&] { return card.isHidden(); }));
    QVERIFY(desk.generator.answers.empty());
  }

  void aPausedJobIsHandedOnWithWhereItIs() {
    BusyDesk desk;
    desk.session.pause();
    QCOMPARE(desk.generator.paused, std::vector<engine::JobId>{desk.job});
    std::vector<engine::UnfinishedJob> paused;
    connect(&desk.session, &GenerationSession::paused, this,
            [&paused](const engine::UnfinishedJob& left) { paused.push_back(left); });
    desk.generator.events().push(engine::JobPaused{desk.job, {"abc", 12, 20, engine::Phase::Denoise}});
    QVERIFY(QTest::qWaitFor([&] { return !paused.empty(); }));
    QCOMPARE(paused[0].id, std::string("abc"));
    QCOMPARE(paused[0].step, 12);
    QVERIFY(!desk.session.isBusy());
  }

  void aPictureMayGoFirst() {
    BusyDesk desk;
    GenerationSession& session = desk.session;
    const engine::JobId patient = desk.job;
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
