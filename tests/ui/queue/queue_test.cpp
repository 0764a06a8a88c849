#include "tests/ui/support/test_desk.h"
#include "ui/queue/durations.h"
#include "ui/queue/fit_meter.h"
#include "ui/queue/generate_card.h"
#include "ui/queue/progress_card.h"

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

namespace studio::ui {
namespace {

QString wordsOf(const QWidget& widget) {
  QString all;
  for (const QLabel* label : widget.findChildren<QLabel*>()) all += label->text() + u'|';
  return all;
}

}  // namespace

class QueueTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

  void durationsAreWrittenWithTheirUnits() {
    QCOMPARE(clockText(4), QStringLiteral("0:04"));
    QCOMPARE(clockText(751), QStringLiteral("12:31"));
    QCOMPARE(clockText(3727), QStringLiteral("1:02:07"));
    QCOMPARE(durationText(0.84), QStringLiteral("0.8 s"));
    QCOMPARE(durationText(14.2), QStringLiteral("14 s"));
    QCOMPARE(durationText(200), QStringLiteral("3 min 20 s"));
    const auto time = [](double likely, double low, double high) {
      return engine::PredictedTime{engine::Seconds(likely), engine::Seconds(low), engine::Seconds(high)};
    };
    QCOMPARE(aboutText(time(40.4, 30, 60)), QStringLiteral("about 40 s"));
    QCOMPARE(rangeText(time(40.4, 30, 60)), QStringLiteral("about 40 s (30 to 60 s)"));
    QCOMPARE(rangeText(time(745, 540, 1080)), QStringLiteral("about 12 min (9.0 to 18 min)"));
    QCOMPARE(rangeText(time(0.3, 0.1, 0.6)), QStringLiteral("less than a second"));
    QCOMPARE(aboutText(time(9000, 7200, 14400)), QStringLiteral("about 2.5 h"));
    QCOMPARE(speedText(0.53), QStringLiteral("1.9 it/s"));
    QCOMPARE(speedText(2.44), QStringLiteral("2.4 s/it"));
    QCOMPARE(bytesText(39424), QStringLiteral("0.04 MiB"));
    QCOMPARE(bytesText(qint64{512} << 20), QStringLiteral("512 MiB"));
    QCOMPARE(bytesText(qint64{7} << 30), QStringLiteral("7.0 GiB"));
  }

  void theCardShowsStepSpeedAndTimeLeft() {
    test::TestDesk desk;
    ProgressCard card(desk.workspace->session);
    desk.workspace->session.generate();
    const engine::JobId job = desk.generator.last().id;
    desk.generator.start(job);
    desk.generator.phase(job, engine::Phase::Denoise);
    for (int step = 1; step <= 12; ++step) desk.generator.step(job, step, 20, 0.5);
    QVERIFY(QTest::qWaitFor([&] { return wordsOf(card).contains(QStringLiteral("step 12 of 20")); }));
    QVERIFY2(wordsOf(card).contains(QStringLiteral("2.0 it/s")), qPrintable(wordsOf(card)));
    QVERIFY2(wordsOf(card).contains(QStringLiteral("0:05 left")), qPrintable(wordsOf(card)));
    const auto* bar = card.findChild<QProgressBar*>();
    QVERIFY(bar->value() > bar->maximum() / 2);
    QVERIFY(bar->value() < bar->maximum());
  }

  void aJobThatGoesOnSaysFromWhereAtOnce() {
    test::TestDesk desk;
    ProgressCard card(desk.workspace->session);
    desk.workspace->session.generate();
    const engine::JobId job = desk.generator.last().id;
    desk.generator.goOn(job, {0, 12, 20});
    QVERIFY(QTest::qWaitFor([&] { return wordsOf(card).contains(QStringLiteral("goes on after step 12 of 20")); }));
    const auto* bar = card.findChild<QProgressBar*>();
    QVERIFY(bar->value() > bar->maximum() / 2);
    desk.generator.denoiseFrom(job, {0, 12, 20});
    QVERIFY(QTest::qWaitFor([&] { return wordsOf(card).contains(QStringLiteral("|step 12 of 20|")); }));
    QVERIFY(!wordsOf(card).contains(QStringLiteral("left")));  // nothing is known of its speed yet
  }

  void theFocusStaysInTheCardWhenItsButtonsGo() {
    test::TestDesk desk;
    QWidget window;
    auto* card = new ProgressCard(desk.workspace->session, &window);
    auto* other = new QPushButton(QStringLiteral("elsewhere"), &window);
    other->move(0, 300);
    window.show();
    desk.workspace->session.generate();
    desk.generator.start(desk.generator.last().id);
    for (const char* name : {"pause", "stop"}) {
      auto* button = card->findChild<QPushButton*>(QLatin1String(name));
      QVERIFY(QTest::qWaitFor([&] { return button->isVisible() && button->isEnabled(); }));
      button->setFocus();
      QCOMPARE(window.focusWidget(), button);
      desk.workspace->session.stop();
      desk.generator.confirmCancel(desk.generator.last().id);
      QVERIFY(QTest::qWaitFor([&] { return !desk.workspace->session.isBusy(); }));
      QVERIFY(card->isAncestorOf(window.focusWidget()));
      desk.workspace->session.generate();
      desk.generator.start(desk.generator.last().id);
    }
  }

  void theMeterShowsPhasesVerdictAndWhatWouldFit() {
    FitMeter meter;
    engine::MemoryEstimate estimate;
    estimate.available = {std::int64_t{4} << 30};
    estimate.plan.phases = {{.phase = engine::Phase::Encode, .weights = {std::int64_t{1} << 30}},
                            {.phase = engine::Phase::Denoise, .weights = {std::int64_t{6} << 30}}};
    estimate.verdict = engine::Verdict::DoesNotFit;
    engine::MemoryChange change{
        engine::sentence("A size of %1 × %2.", 512, 512), {std::int64_t{3} << 30}, true, {}, {}};
    change.patch.present = {"width", "height"};
    change.time = engine::PredictedTime{engine::Seconds(20), engine::Seconds(15), engine::Seconds(30)};
    estimate.changes = {change};
    meter.showEstimate(estimate);
    QVERIFY(!meter.isHidden());
    QVERIFY2(wordsOf(meter).contains(QStringLiteral("Does not fit: 6.0 GiB of 4.0 GiB")), qPrintable(wordsOf(meter)));
    const auto bars = meter.findChildren<QProgressBar*>();
    QCOMPARE(bars.size(), 2);
    QCOMPARE(bars[0]->value(), bars[0]->maximum() / 4);
    QVERIFY(!bars[0]->property("over").toBool());
    QCOMPARE(bars[1]->value(), bars[1]->maximum());
    QVERIFY(bars[1]->property("over").toBool());
    QVERIFY(!bars[1]->accessibleName().isEmpty());

    QSignalSpy wanted(&meter, &FitMeter::changeWanted);
    auto* changes = meter.findChild<QLabel*>(QStringLiteral("memoryChanges"));
    QVERIFY2(changes->text().contains(QStringLiteral("512 × 512")), qPrintable(changes->text()));
    QVERIFY2(changes->text().contains(QStringLiteral("3.0 GiB, about 20 s: ")), qPrintable(changes->text()));
    Q_EMIT changes->linkActivated(QStringLiteral("0"));
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted[0][0].value<engine::MemoryChange>().patch.present.size(), std::size_t{2});
    meter.showEstimate(std::nullopt);
    QVERIFY(meter.isHidden());
  }

  void theMeterSaysHowLongItTakesOrThatNobodyKnows() {
    FitMeter meter;
    engine::MemoryEstimate estimate;
    estimate.available = {std::int64_t{4} << 30};
    estimate.plan.phases = {{.phase = engine::Phase::Encode}, {.phase = engine::Phase::Denoise}};
    estimate.times = {engine::PredictedTime{engine::Seconds(2), engine::Seconds(1), engine::Seconds(4)}, std::nullopt};
    meter.showEstimate(estimate);
    const auto* time = meter.findChild<QLabel*>(QStringLiteral("predictedTime"));
    QCOMPARE(time->text(), QStringLiteral("Time not known yet"));
    QVERIFY(meter.findChildren<QProgressBar*>()[1]->toolTip().contains(QStringLiteral("Time: not known yet")));

    estimate.times[1] = engine::PredictedTime{engine::Seconds(38), engine::Seconds(29), engine::Seconds(56)};
    meter.showEstimate(estimate);
    QCOMPARE(time->text(), QStringLiteral("About 40 s"));
    QVERIFY2(time->toolTip().contains(QStringLiteral("Denoise: about 38 s (29 to 56 s)")), qPrintable(time->toolTip()));
    QVERIFY(meter.accessibleDescription().contains(QStringLiteral("about 40 s (30 to 60 s)")));
    QVERIFY(meter.findChildren<QProgressBar*>()[1]->accessibleDescription().contains(QStringLiteral("29 to 56 s")));

    estimate.patience = engine::sentence("On the processor this takes about %1 minutes.", 45);
    meter.showEstimate(estimate);
    QVERIFY2(time->text().contains(QStringLiteral("about 45 minutes")), qPrintable(time->text()));
  }

  void stopIsOnlyThereWhileSomethingRunsAndAnswersAtOnce() {
    test::TestDesk desk;
    ProgressCard card(desk.workspace->session);
    auto* stop = card.findChild<QPushButton*>(QStringLiteral("stop"));
    QVERIFY(!stop->isEnabled());
    desk.workspace->session.generate();
    QVERIFY(stop->isEnabled());
    const QString before = stop->text();
    stop->click();
    QVERIFY(!stop->isEnabled());
    QVERIFY(stop->text() != before);
    QCOMPARE(desk.generator.cancelled.size(), std::size_t{1});
    desk.generator.confirmCancel(desk.generator.last().id);
    QVERIFY(QTest::qWaitFor([&] { return wordsOf(card).contains(QStringLiteral("Stopped")); }));
  }

  void aFinishedJobLeavesItsTimeAndMemory() {
    test::TestDesk desk;
    ProgressCard card(desk.workspace->session);
    desk.workspace->session.generate();
    desk.generator.finish(desk.generator.last().id, 1, 12.3);
    QVERIFY(QTest::qWaitFor([&] { return wordsOf(card).contains(QStringLiteral("12 s")); }));
    QVERIFY(wordsOf(card).contains(QStringLiteral("2.0 GiB")));
  }

  void jobsInLineAreCountedAndCanBeDropped() {
    test::TestDesk desk;
    ProgressCard card(desk.workspace->session);
    card.show();
    for (int i = 0; i < 3; ++i) desk.workspace->session.generate();
    QPushButton* drop = nullptr;
    for (QPushButton* button : card.findChildren<QPushButton*>()) {
      if (button->isVisible() && button->text().contains(u'2')) drop = button;
    }
    QVERIFY(drop != nullptr);
    drop->click();
    QCOMPARE(desk.generator.cancelled.size(), std::size_t{2});
  }

  void generateIsGreyWithEveryReasonInSightAndForScreenReaders() {
    test::TestDesk desk;
    GenerateCard card(desk.workspace->session, desk.workspace->draft, desk.workspace->forecast);
    card.show();
    QVERIFY(card.button()->isEnabled());
    desk.workspace->draft.edit([](auto& request) {
      request.model = "/gone/other.safetensors";
      request.steps = 0;
    });
    QVERIFY(!card.button()->isEnabled());
    auto* reasons = card.findChild<QLabel*>(QStringLiteral("reasons"));
    QVERIFY(reasons->isVisible());
    for (const QString& text : {reasons->text(), card.button()->toolTip(), card.button()->accessibleDescription()}) {
      QVERIFY2(text.contains(QStringLiteral("other.safetensors")), qPrintable(text));
      QVERIFY2(text.contains(QStringLiteral("Steps")), qPrintable(text));
    }
  }

  void aReasonLeadsToItsControl() {
    test::TestDesk desk;
    GenerateCard card(desk.workspace->session, desk.workspace->draft, desk.workspace->forecast);
    desk.workspace->draft.edit([](auto& request) { request.steps = 0; });
    QSignalSpy spy(&card, &GenerateCard::fieldWanted);
    Q_EMIT card.findChild<QLabel*>(QStringLiteral("reasons"))->linkActivated(QStringLiteral("steps"));
    QCOMPARE(spy.first().first().toString(), QStringLiteral("steps"));
  }

  void aModelNameWithMarkupStaysText() {
    test::TestDesk desk;
    GenerateCard card(desk.workspace->session, desk.workspace->draft, desk.workspace->forecast);
    desk.workspace->draft.edit([](auto& request) { request.model = "/gone/<img src=x>.safetensors"; });
    const QString shown = card.findChild<QLabel*>(QStringLiteral("reasons"))->text();
    QVERIFY(shown.contains(QStringLiteral("&lt;img src=x&gt;")));
  }
};

}  // namespace studio::ui

QTEST_MAIN(studio::ui::QueueTest)
#include "queue_test.moc"
