#include "ui/bridge/engine_bridge.h"
#include "tests/ui/support/fake_generator.h"

#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include <memory>
#include <thread>
#include <vector>

namespace studio::ui {

class EngineBridgeTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void eventsOfAnotherThreadArriveInOrderOnThisOne() {
    test::FakeGenerator generator;
    EngineBridge bridge(generator);
    std::vector<int> steps;
    QThread* seenOn = nullptr;
    connect(&bridge, &EngineBridge::stepFinished, &bridge, [&](const engine::StepFinished& event) {
      steps.push_back(event.step);
      seenOn = QThread::currentThread();
    });
    std::thread engine([&] {
      for (int step = 1; step <= 500; ++step) generator.step({1}, step, 500);
    });
    QVERIFY(QTest::qWaitFor([&] { return steps.size() == 500; }));
    engine.join();
    for (int i = 0; i < 500; ++i) QCOMPARE(steps[static_cast<std::size_t>(i)], i + 1);
    QCOMPARE(seenOn, QThread::currentThread());
  }

  void whatWasSaidBeforeTheBridgeStoodIsNotLost() {
    test::FakeGenerator generator;
    generator.finish({1}, 3);
    EngineBridge bridge(generator);
    int images = 0;
    connect(&bridge, &EngineBridge::jobFinished, &bridge,
            [&](const engine::JobFinished& event) { images = event.images; });
    QVERIFY(QTest::qWaitFor([&] { return images == 3; }));
  }

  void anEngineThatRingsAfterTheBridgeIsGoneRingsNowhere() {
    test::FakeGenerator generator;
    auto bridge = std::make_unique<EngineBridge>(generator);
    generator.step({1}, 1, 2);
    bridge.reset();
    generator.step({1}, 2, 2);
    QCoreApplication::processEvents();
    QCOMPARE(generator.events().drain().size(), std::size_t{2});
  }
};

}  // namespace studio::ui

QTEST_GUILESS_MAIN(studio::ui::EngineBridgeTest)
#include "engine_bridge_test.moc"
