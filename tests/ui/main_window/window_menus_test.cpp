#include "tests/ui/support/test_desk.h"
#include "ui/bridge/engine_settings.h"
#include "ui/main_window/main_window.h"

#include <QMenu>
#include <QTest>

namespace studio::ui {
namespace {

class GpuCatalog final : public test::FakeDeviceCatalog {
 public:
  std::vector<engine::DeviceInfo> devices() const override {
    std::vector<engine::DeviceInfo> all = FakeDeviceCatalog::devices();
    all.push_back({.id = "cuda:0", .name = "Test card", .kind = "gpu", .usable = true});
    return all;
  }
};

QMenu* menuOf(const MainWindow& window, const QString& title) {
  for (QMenu* menu : window.findChildren<QMenu*>()) {
    if (menu->title() == title) return menu;
  }
  return nullptr;
}

}  // namespace

class WindowMenusTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void whatIsForGpusIsGreyWhereThereIsNone() {
    const QString title = QStringLiteral("P&inned memory");
    test::TestDesk desk;
    const MainWindow without(*desk.workspace);
    QVERIFY(QTest::qWaitFor([&] { return !desk.workspace->machine.devices().empty(); }));
    QVERIFY(!menuOf(without, title)->isEnabled());
    const GpuCatalog gpus;
    Workspace workspace(Collaborators{desk.settings, desk.generator, desk.inspector, desk.tokenCounter,
                                      desk.promptLinter, gpus, desk.estimator, desk.unfinishedJobs,
                                      QStringLiteral("0.0-test")});
    const MainWindow with(workspace);
    QVERIFY(QTest::qWaitFor([&] { return menuOf(with, title)->isEnabled(); }));
    menuOf(with, title)->actions().last()->trigger();
    QCOMPARE(engineOptionsFrom(desk.settings).pinned, engine::PinnedMemory::Off);
  }

  void memoryIsReservedAndModesAreChosen() {
    test::TestDesk desk;
    const MainWindow window(*desk.workspace);
    menuOf(window, QStringLiteral("&Reserved for other programs"))->actions().at(1)->trigger();
    QCOMPARE(engineOptionsFrom(desk.settings).reserve.count, std::int64_t{512} << 20);
    QCOMPARE(engineOptionsFrom(desk.settings).keptModels, std::optional<int>());
    menuOf(window, QStringLiteral("Other models &kept in memory"))->actions().at(1)->trigger();
    QCOMPARE(engineOptionsFrom(desk.settings).keptModels, std::optional(0));
    QCOMPARE(desk.generator.options.back().keptModels, std::optional(0));
    menuOf(window, QStringLiteral("&Memory"))->actions().last()->trigger();
    QCOMPARE(engineOptionsFrom(desk.settings).memoryMode, engine::MemoryMode::Cpu);
    QCOMPARE(desk.generator.options.back().memoryMode, engine::MemoryMode::Cpu);
  }
};

}  // namespace studio::ui

QTEST_MAIN(studio::ui::WindowMenusTest)
#include "window_menus_test.moc"
