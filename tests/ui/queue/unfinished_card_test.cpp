#include "ui/queue/unfinished_card.h"

#include "tests/ui/support/find_controls.h"
#include "tests/ui/support/test_desk.h"
#include "ui/bridge/unfinished_list.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

namespace studio::ui {
namespace {

engine::UnfinishedJob job(const std::string& id, const std::string& prompt) {
  engine::UnfinishedJob job;
  job.id = id;
  job.request.prompt = prompt;
  job.step = 12;
  job.steps = 20;
  return job;
}

/// A card over the jobs that an earlier studio left.
struct Desk : test::TestDesk {
  explicit Desk(const std::vector<engine::UnfinishedJob>& left) {
    jobs.jobs = left;
    list = std::make_unique<UnfinishedList>(jobs);
    card = std::make_unique<UnfinishedCard>(*list, workspace->session);
    QSignalSpy looked(list.get(), &UnfinishedList::changed);
    QVERIFY(looked.wait());
  }
  QString text() const { return card->findChild<QLabel*>(QStringLiteral("unfinishedText"))->text(); }
  void press(const char* name) { card->findChild<QPushButton*>(QLatin1String(name))->click(); }
  bool isShown() const { return !card->isHidden(); }

  test::FakeUnfinishedJobs jobs;
  std::unique_ptr<UnfinishedList> list;
  std::unique_ptr<UnfinishedCard> card;
};

}  // namespace

class UnfinishedCardTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aStartWithoutUnfinishedJobsShowsNothing() {
    const Desk desk({});
    QVERIFY(!desk.isShown());
  }

  void thePictureIsNamedByItsPromptAndItsStep() {
    engine::UnfinishedJob half = job("a", "a red apple on a table " + std::string(90, 'x'));
    half.pictures = 4;
    half.picturesDone = 1;
    const Desk desk({half});
    QVERIFY(desk.isShown());
    QVERIFY2(desk.text().contains(QStringLiteral("a red apple on a table")), qPrintable(desk.text()));
    QVERIFY2(desk.text().contains(QStringLiteral("picture 2 of 4, step 12 of 20")), qPrintable(desk.text()));
    QVERIFY2(!desk.text().contains(QString(80, u'x')), qPrintable(desk.text()));
    QCOMPARE(test::unnamedControls(*desk.card), QStringList());
    QCOMPARE(desk.card->accessibleDescription(), desk.text());
  }

  void aMachineThatWasShortOfMemoryIsNamedAsWhatMayHaveEndedIt() {
    engine::UnfinishedJob ended = job("a", "a red apple");
    ended.crashes = 1;
    ended.memoryWasShort = true;
    const Desk desk({ended});
    QVERIFY2(desk.text().contains(QStringLiteral("Main memory was nearly full")), qPrintable(desk.text()));
    QVERIFY2(desk.text().contains(QStringLiteral("a red apple")), qPrintable(desk.text()));
  }

  void goingOnPutsAllOfThemInLineInTheirOrder() {
    engine::UnfinishedJob bad = job("bad", "a bad one");
    bad.setAside = true;
    bad.crashes = 2;
    Desk desk({job("a", "apple"), bad, job("b", "boat")});
    QVERIFY2(desk.text().contains(QStringLiteral("1 more")), qPrintable(desk.text()));
    desk.press("unfinishedGoOn");
    QCOMPARE(desk.generator.resumed, (std::vector<std::string>{"a", "b"}));
    QCOMPARE(desk.workspace->session.submittedRequest().prompt, std::string("apple"));
    QCOMPARE(desk.workspace->session.waiting(), 1);
    QVERIFY(desk.isShown());  // the one that was set aside is asked for by itself
    QVERIFY2(desk.text().contains(QStringLiteral("ended 2 times")), qPrintable(desk.text()));
    desk.press("unfinishedDiscard");
    QVERIFY(!desk.isShown());
    QVERIFY(QTest::qWaitFor([&] { return desk.jobs.discarded() == std::vector<std::string>{"bad"}; }));
  }

  void discardingTakesThemAway() {
    Desk desk({job("a", "apple"), job("b", "boat")});
    desk.press("unfinishedDiscard");
    QVERIFY(!desk.isShown());
    QVERIFY(QTest::qWaitFor([&] { return desk.jobs.discarded() == std::vector<std::string>({"a", "b"}); }));
    QVERIFY(desk.generator.resumed.empty());
  }

  void laterLeavesThemForTheNextStart() {
    Desk desk({job("a", "apple")});
    desk.press("unfinishedLater");
    QVERIFY(!desk.isShown());
    QVERIFY(desk.jobs.discarded().empty());
    QVERIFY(desk.generator.resumed.empty());
  }

  void jobsOfARunningStudioAreNotOffered() {
    engine::UnfinishedJob running = job("a", "apple");
    running.running = true;
    engine::UnfinishedJob broken = job("b", "");
    broken.readable = false;
    const Desk desk({running, broken});
    QVERIFY(!desk.isShown());
  }

  void aFailedDiscardIsTold() {
    Desk desk({job("a", "apple")});
    desk.jobs.failure = engine::EngineError{engine::ErrorKind::BadRequest, "Another studio is at it.", ""};
    QSignalSpy failed(desk.list.get(), &UnfinishedList::discardFailed);
    desk.press("unfinishedDiscard");
    QVERIFY(failed.wait());
  }
};

}  // namespace studio::ui

QTEST_MAIN(studio::ui::UnfinishedCardTest)
#include "unfinished_card_test.moc"
