#include "ui/troubleshooter/memory_panel.h"
#include "engine/api/memory_report.h"
#include "tests/ui/support/find_controls.h"
#include "tests/ui/support/test_desk.h"
#include "ui/bridge/model_fixes.h"
#include "ui/queue/generate_card.h"
#include "ui/troubleshooter/changes_line.h"
#include "ui/troubleshooter/error_panel.h"
#include "ui/troubleshooter/memory_fix_list.h"
#include "ui/troubleshooter/memory_words.h"
#include "ui/widgets/shrinking_scroll.h"

#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

namespace studio::ui {
namespace {

using engine::sentence;
using test::buttonWith;

constexpr std::int64_t kMiB = 1 << 20;

engine::MemoryFix optionFix() {
  engine::MemoryFix fix;
  fix.what = sentence("Every part in memory only while it works (streaming).");
  fix.peak = {300 * kMiB};
  fix.options.memoryMode = engine::MemoryMode::Streaming;
  return fix;
}

engine::MemoryFix requestFix(engine::GenerationRequest request) {
  engine::MemoryFix fix;
  fix.what = sentence("A size of %1 × %2.", 256, 256);
  fix.peak = {200 * kMiB};
  fix.effect = engine::PictureEffect::Different;
  request.size = {256, 256};
  fix.patch = {std::move(request), {"width", "height"}};
  return fix;
}

engine::MemoryReport reportOf(const engine::GenerationRequest& request) {
  engine::MemoryReport report;
  report.phase = engine::Phase::Decode;
  report.step = 5;
  report.asked = {100 * kMiB};
  report.free = {40 * kMiB};
  report.limit = {512 * kMiB};
  report.predictedPeak = {500 * kMiB};
  report.measuredPeak = {490 * kMiB};
  report.streamedPerStep = {77 * kMiB};
  report.holders = {{engine::MemoryHolder::Kind::Weights, "unet", {400 * kMiB}, 25, 12},
                    {engine::MemoryHolder::Kind::Activations, {}, {72 * kMiB}}};
  report.fixes = {optionFix(), requestFix(request)};
  report.notEnough = {optionFix()};
  return report;
}

engine::EngineError errorOf(const engine::MemoryReport& report) {
  engine::EngineError error{engine::ErrorKind::OutOfMemory, "Memory ran out.", ""};
  error.memory = std::make_shared<engine::MemoryReport>(report);
  return error;
}

/// A desk with the panel, and a job on it that ran out of memory.
struct FailedJob {
  explicit FailedJob(const engine::KeptJob& kept = {"job-1", 5, 20, engine::Phase::Decode})
      : panel(desk.workspace->session, desk.workspace->draft, desk.settings) {
    GenerationSession& session = desk.workspace->session;
    session.generate();
    const engine::JobId job = desk.generator.last().id;
    desk.generator.events().push(engine::JobFailed{job, errorOf(reportOf(desk.generator.last().request)), kept});
    [[maybe_unused]] const bool failed = QTest::qWaitFor([&] { return session.lastError().has_value(); });
  }
  QRadioButton* radio(const QString& words) const {
    for (auto* button : panel.findChildren<QRadioButton*>()) {
      if (button->text().contains(words) || button->accessibleName().contains(words)) return button;
    }
    return nullptr;
  }
  QPushButton* button(const char* name) const { return panel.findChild<QPushButton*>(QLatin1String(name)); }
  QString text(const char* name) const { return panel.findChild<QLabel*>(QLatin1String(name))->text(); }

  test::TestDesk desk;
  MemoryPanel panel;
};

}  // namespace

class MemoryPanelTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void saysWhereWhatIsFreeLiesInPieces() {
    engine::MemoryReport report;
    report.phase = engine::Phase::Decode;
    report.asked = {10 << 20}, report.free = {40 << 20}, report.largestPiece = {8 << 20};
    QCOMPARE(memoryHappened(report),
             QStringLiteral("Decoding asked for 10 MiB more; 40 MiB were free, but in pieces of at most 8 MiB."));
    report.asked = {50 << 20};
    QCOMPARE(memoryHappened(report), QStringLiteral("Decoding asked for 50 MiB more; 40 MiB were free."));
  }

  void fixesStandInATableOrWhereThatIsTooWideOneBelowTheOther() {
    MemoryFixList list;
    engine::MemoryFix first = optionFix(), second = optionFix();
    second.seconds = engine::Seconds(3);
    second.what = sentence("Decode the picture in strips.");
    list.resize(900, 300);
    list.show();
    list.showFixes({first, second}, {512 * kMiB});
    const auto choices = [&list] { return list.findChildren<QRadioButton*>(); };
    QVERIFY(!choices()[1]->text().isEmpty());
    choices()[1]->setChecked(true);
    QSignalSpy changed(&list, &MemoryFixList::chosenChanged);
    list.resize(260, 600);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QCOMPARE(list.chosen()->what, second.what);
    QVERIFY(choices()[1]->isChecked());
    QCOMPARE(changed.count(), 0);
    QVERIFY(choices()[1]->text().isEmpty());
    QCOMPARE(choices()[1]->accessibleName(), QStringLiteral("Decode the picture in strips"));
    QLabel* words = nullptr;
    for (auto* label : list.findChildren<QLabel*>()) {
      QVERIFY2(label->sizeHint().width() <= 260 || label->wordWrap(), qPrintable(label->text()));
      if (label->buddy() == choices()[0]) words = label;
    }
    QVERIFY(words != nullptr);
    QTest::mouseClick(words, Qt::LeftButton);
    QVERIFY(choices()[0]->isChecked());
    QCOMPARE(changed.count(), 1);
    QCOMPARE(test::unnamedControls(list), QStringList());
  }

  void itsStoryScrollsWhereTheWindowIsLow() {
    FailedJob job;
    auto* scroll = job.panel.findChild<ShrinkingScroll*>();
    job.panel.resize(500, 900);
    job.panel.show();
    QTRY_COMPARE(scroll->verticalScrollBar()->maximum(), 0);
    const int whole = scroll->height();
    job.panel.resize(500, job.panel.minimumSizeHint().height());
    QTRY_VERIFY(scroll->verticalScrollBar()->maximum() > 0);
    QVERIFY(scroll->height() < whole);
    QVERIFY(job.button("applyAndResume")->isVisible());
  }

  void saysWhatHappenedWhatIsKeptAndWhoHeldWhat() {
    const FailedJob job;
    QVERIFY(!job.panel.isHidden());
    QVERIFY(job.text("memoryTitle").contains(QStringLiteral("5 step")));
    QVERIFY(job.text("memoryHappened").contains(QStringLiteral("Decoding asked for 100 MiB more; 40 MiB were free")));
    const QString map = job.panel.findChild<QWidget*>(QStringLiteral("memoryMap"))->accessibleDescription();
    for (const char* part : {"UNet, 12 of 25 blocks 400 MiB", "Activations 72 MiB", "Free 40 MiB", "Missing 60 MiB"})
      QVERIFY2(map.contains(QLatin1String(part)), qPrintable(map));
    QVERIFY(job.text("memoryNotEnough").contains(QStringLiteral("Not enough alone")));
    QCOMPARE(test::unnamedControls(job.panel), QStringList());
  }

  void theOrdinaryPanelLeavesItToThisOne() {
    FailedJob job;
    ErrorPanel ordinary(job.desk.workspace->session, job.desk.workspace->draft);
    QVERIFY(ordinary.isHidden());
  }

  void resumingKeepsTheStepsAndChangesTheOptionsOfThisJobAlone() {
    FailedJob job;
    QSignalSpy applied(&job.panel, &MemoryPanel::applied);
    job.button("applyAndResume")->click();
    QCOMPARE(job.desk.generator.resumed, std::vector<std::string>{"job-1"});
    QCOMPARE(job.desk.generator.changesOfResumed.back().memoryMode, engine::MemoryMode::Streaming);
    QCOMPARE(job.desk.settings.memoryMode.get(), QStringLiteral("auto"));
    QVERIFY(job.panel.isHidden());
    QCOMPARE(applied.count(), 1);
    QCOMPARE(applied[0][1].toBool(), false);
  }

  void alwaysPutsItIntoTheSettingsAndOneUndoTakesItBack() {
    FailedJob job;
    QSignalSpy applied(&job.panel, &MemoryPanel::applied);
    job.radio(QStringLiteral("always"))->setChecked(true);
    job.button("applyAndStartAgain")->click();
    QCOMPARE(job.desk.settings.memoryMode.get(), QStringLiteral("streaming"));
    QCOMPARE(job.desk.generator.submitted.size(), std::size_t{2});
    QCOMPARE(applied[0][1].toBool(), true);
    job.desk.workspace->draft.undoStack().undo();
    QCOMPARE(job.desk.settings.memoryMode.get(), QStringLiteral("auto"));
  }

  void forThisModelIsKeptForItAloneAndOneUndoTakesItBack() {
    FailedJob job;
    job.radio(QStringLiteral("this model"))->setChecked(true);
    job.button("applyAndStartAgain")->click();
    const auto model = job.desk.workspace->draft.request().model;
    QCOMPARE(job.desk.settings.memoryMode.get(), QStringLiteral("auto"));
    QCOMPARE(engineOptionsFor(job.desk.settings, model).memoryMode, engine::MemoryMode::Streaming);
    QCOMPARE(engineOptionsFor(job.desk.settings, "/other.safetensors").memoryMode, engine::MemoryMode::Automatic);
    job.desk.generator.options.clear();
    job.desk.workspace->session.generate();
    QCOMPARE(job.desk.generator.options.front().memoryMode, engine::MemoryMode::Streaming);
    QCOMPARE(job.desk.generator.options.back().memoryMode, engine::MemoryMode::Automatic);
    job.desk.workspace->draft.undoStack().undo();
    QCOMPARE(job.desk.settings.modelFixes.get(), QString());
  }

  void whatIsKeptForAModelIsSaidBesideGenerateAndCanBeForgotten() {
    FailedJob job;
    const GenerateCard card(job.desk.workspace->session, job.desk.workspace->draft, job.desk.workspace->forecast);
    const auto* own = card.findChild<QLabel*>(QStringLiteral("ownOptions"));
    QVERIFY(own->isHidden());
    job.radio(QStringLiteral("this model"))->setChecked(true);
    job.button("applyAndStartAgain")->click();
    QVERIFY(QTest::qWaitFor([&] { return !own->isHidden(); }));
    QVERIFY2(own->text().contains(QStringLiteral("For this model: streaming")), qPrintable(own->text()));
    Q_EMIT const_cast<QLabel*>(own)->linkActivated(QStringLiteral("forget"));
    QVERIFY(QTest::qWaitFor([&] { return own->isHidden(); }));
    QCOMPARE(job.desk.settings.modelFixes.get(), QString());
  }

  void partialPicturesAreMadeInAWayThatFits() {
    FailedJob job;
    job.radio(QStringLiteral("256"))->setChecked(true);
    QVERIFY2(job.text("memoryEffect").contains(QStringLiteral("another composition")), "said before it is taken");
    job.button("keepPartial")->click();
    QCOMPARE(job.desk.generator.keptPartial, std::vector<std::string>{"job-1"});
    QCOMPARE(job.desk.generator.changesOfResumed.back().memoryMode, engine::MemoryMode::Cpu);
    QVERIFY(job.panel.isHidden());
  }

  void startingAgainForThisPictureChangesTheOptionsForOneJob() {
    FailedJob job;
    job.desk.generator.options.clear();
    job.button("applyAndStartAgain")->click();
    QCOMPARE(job.desk.generator.options.size(), std::size_t{2});
    QCOMPARE(job.desk.generator.options.front().memoryMode, engine::MemoryMode::Streaming);
    QCOMPARE(job.desk.generator.options.back().memoryMode, engine::MemoryMode::Automatic);
  }

  void aFixOfTheRequestCannotGoOnAndBecomesOneUndoStep() {
    FailedJob job;
    const auto size = job.desk.workspace->draft.request().size;
    job.radio(QStringLiteral("256"))->setChecked(true);
    QVERIFY(!job.button("applyAndResume")->isEnabled());
    job.button("applyAndStartAgain")->click();
    QCOMPARE(job.desk.generator.last().request.size.width, 256);
    job.desk.workspace->draft.undoStack().undo();
    QCOMPARE(job.desk.workspace->draft.request().size.width, size.width);
  }

  void withoutKeptStepsThereIsNothingToResume() {
    const FailedJob job(engine::KeptJob{});
    QVERIFY(job.button("applyAndResume")->isHidden());
    QVERIFY(job.button("keepPartial")->isHidden());
    QVERIFY(!job.text("memoryTitle").contains(QStringLiteral("kept")));
  }

  void closingPutsTheFailureAway() {
    FailedJob job;
    buttonWith(job.panel, QStringLiteral("Close"))->click();
    QVERIFY(job.panel.isHidden());
    QVERIFY(!job.desk.workspace->session.lastError());
  }

  void changesThatTheStudioMadeItselfAreListedAndExplainedWithoutFixes() {
    test::TestDesk desk;
    GenerationSession& session = desk.workspace->session;
    ChangesLine line(session);
    MemoryPanel panel(session, desk.workspace->draft, desk.settings);
    connect(&line, &ChangesLine::whyWanted, &panel, &MemoryPanel::explain);
    QVERIFY(line.isHidden());
    session.generate();
    const engine::JobId job = desk.generator.last().id;
    desk.generator.start(job);
    engine::MemoryReport report = reportOf({});
    report.fixes.clear();
    const auto memory = std::make_shared<engine::MemoryReport>(report);
    for (const char* what : {"First this was tried.", "Then that was tried."})
      desk.generator.events().push(engine::RungTaken{job, sentence(what), engine::Phase::Denoise, 3, memory});
    QVERIFY(QTest::qWaitFor([&] { return session.rungs().size() == 2; }));
    QVERIFY(!line.isHidden());
    QVERIFY(line.findChild<QToolButton*>()->text().contains(u'2'));
    buttonWith(line, QStringLiteral("Why"))->click();
    QVERIFY(!panel.isHidden());
    QVERIFY(panel.findChild<MemoryFixList*>()->isHidden());
    QVERIFY(panel.findChild<QPushButton*>(QStringLiteral("applyAndStartAgain"))->isHidden());
    buttonWith(panel, QStringLiteral("Close"))->click();
    QVERIFY(panel.isHidden());
    desk.generator.finish(job, 1);
    session.generate();
    desk.generator.start(desk.generator.last().id);
    QVERIFY(QTest::qWaitFor([&] { return session.rungs().empty(); }));
    QVERIFY(line.isHidden());
  }
};

}  // namespace studio::ui

QTEST_MAIN(studio::ui::MemoryPanelTest)
#include "memory_panel_test.moc"
