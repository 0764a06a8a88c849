#include "ui/bridge/memory_forecast.h"

#include "tests/ui/support/test_desk.h"

#include <QSignalSpy>
#include <QTest>

namespace studio::ui {
namespace {

engine::MemoryEstimate estimateOf(std::int64_t mebibytes) {
  engine::MemoryEstimate estimate;
  estimate.plan.phases.push_back({.phase = engine::Phase::Denoise, .weights = {mebibytes << 20}});
  estimate.available = {std::int64_t{1} << 30};
  return estimate;
}

}  // namespace

class MemoryForecastTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theDraftIsEstimatedAMomentAfterItsLastChange();
  void onlyTheNewestQuestionIsAskedBesideARunningOne();
  void whatCannotBeEstimatedShowsNothing();
  void aChangeOfTheRequestIsOneUndoStep();
  void aChangeOfModeGoesIntoTheSettingsAndIsAskedWith();
};

void MemoryForecastTest::theDraftIsEstimatedAMomentAfterItsLastChange() {
  test::TestDesk desk;
  MemoryForecast& forecast = desk.workspace->forecast;
  desk.estimator.setAnswer(estimateOf(300));
  for (int steps = 1; steps <= 5; ++steps) desk.workspace->draft.edit([steps](auto& r) { r.steps = steps; });
  QTRY_VERIFY(forecast.estimate().has_value());
  QCOMPARE(forecast.estimate()->plan.peak().count, std::int64_t{300} << 20);
  QCOMPARE(desk.estimator.asked().back().first.steps, 5);
  QCOMPARE(desk.estimator.asked().size(), std::size_t{1});
}

void MemoryForecastTest::onlyTheNewestQuestionIsAskedBesideARunningOne() {
  test::TestDesk desk;
  desk.estimator.setAnswer(estimateOf(300));
  QTRY_VERIFY(desk.workspace->forecast.estimate().has_value());
  const std::size_t before = desk.estimator.asked().size();
  desk.estimator.hold = true;
  for (const int steps : {11, 12, 13}) {
    desk.workspace->draft.edit([steps](auto& r) { r.steps = steps; });
    QTest::qWait(150);
  }
  desk.estimator.hold = false;
  QTRY_COMPARE(desk.estimator.asked().size(), before + 2);
  QTest::qWait(200);
  const auto asked = desk.estimator.asked();
  QCOMPARE(asked.size(), before + 2);
  QCOMPARE(asked[before].first.steps, 11);
  QCOMPARE(asked[before + 1].first.steps, 13);
}

void MemoryForecastTest::whatCannotBeEstimatedShowsNothing() {
  test::TestDesk desk;
  desk.estimator.setAnswer(estimateOf(300));
  MemoryForecast& forecast = desk.workspace->forecast;
  QTRY_VERIFY(forecast.estimate().has_value());
  desk.estimator.setAnswer(engine::EngineError{engine::ErrorKind::MissingPart, "No VAE.", {}});
  desk.workspace->draft.edit([](auto& r) { r.steps = 9; });
  QTRY_VERIFY(!forecast.estimate().has_value());
  desk.estimator.setAnswer(estimateOf(300));
  forecast.refresh();
  QTRY_VERIFY(forecast.estimate().has_value());
  desk.workspace->draft.edit([](auto& r) { r.model.clear(); });
  QTRY_VERIFY(!forecast.estimate().has_value());
}

void MemoryForecastTest::aChangeOfTheRequestIsOneUndoStep() {
  test::TestDesk desk;
  engine::MemoryChange change;
  change.patch.values = desk.workspace->draft.request();
  change.patch.values.size = {64, 96};
  change.patch.values.steps = 99;  // not among what is present
  change.patch.present = {"width", "height"};
  const engine::GenerationRequest before = desk.workspace->draft.request();
  desk.workspace->forecast.apply(change);
  QCOMPARE(desk.workspace->draft.request().size, (engine::PixelSize{64, 96}));
  QCOMPARE(desk.workspace->draft.request().steps, before.steps);
  desk.workspace->draft.undoStack().undo();
  QVERIFY(desk.workspace->draft.request() == before);
}

void MemoryForecastTest::aChangeOfModeGoesIntoTheSettingsAndIsAskedWith() {
  test::TestDesk desk;
  desk.estimator.setAnswer(estimateOf(300));
  QTRY_VERIFY(desk.workspace->forecast.estimate().has_value());
  engine::MemoryChange change;
  change.mode = engine::MemoryMode::Streaming;
  desk.workspace->forecast.apply(change);
  QTRY_COMPARE(desk.estimator.asked().back().second.memoryMode, engine::MemoryMode::Streaming);
  QCOMPARE(desk.generator.options.back().memoryMode, engine::MemoryMode::Streaming);
}

}  // namespace studio::ui

QTEST_GUILESS_MAIN(studio::ui::MemoryForecastTest)
#include "memory_forecast_test.moc"
