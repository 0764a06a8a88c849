#include "ui/main_window/main_window.h"
#include "engine/api/image_io.h"
#include "engine/api/request_fields.h"
#include "settings/paths.h"
#include "tests/ui/support/test_desk.h"
#include "ui/bridge/text.h"
#include "ui/canvas/canvas.h"
#include "ui/canvas/canvas_view.h"
#include "ui/lora/lora_panel.h"
#include "ui/widgets/notice_bar.h"

#include <QAbstractButton>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScreen>
#include <QStandardPaths>
#include <QTest>
#include <QUrl>

#include <fstream>

namespace studio::ui {
namespace {

/// Parts that Qt builds inside its own controls speak through the control.
bool isInsideAnotherControl(const QWidget* widget) {
  for (const QWidget* parent = widget->parentWidget(); parent != nullptr; parent = parent->parentWidget()) {
    if (qobject_cast<const QAbstractSpinBox*>(parent) || qobject_cast<const QComboBox*>(parent)) return true;
  }
  return false;
}

bool hasName(const QWidget* widget) {
  if (!widget->accessibleName().isEmpty()) return true;
  const auto* button = qobject_cast<const QAbstractButton*>(widget);
  return button != nullptr && !button->text().isEmpty();
}

struct Desk : test::TestDesk {
  Desk() : window(*workspace) {
    window.resize(1280, 720);
    window.show();
  }
  Canvas& canvas() { return *window.findChild<Canvas*>(QStringLiteral("canvas")); }
  QAction& command(const char* id) { return *window.findChild<QAction*>(QLatin1String(id)); }
  QPushButton* button(const QString& text) {
    for (QPushButton* button : window.findChildren<QPushButton*>()) {
      if (button->text() == text && button->isVisible()) return button;
    }
    return nullptr;
  }
  /// A picture with settings of its own.
  std::filesystem::path pictureWithPrompt(const std::string& prompt) {
    engine::PictureMetadata metadata;
    metadata.request = workspace->draft.request();
    metadata.request.prompt = prompt;
    metadata.request.seed = engine::Seed{99};
    metadata.modelName = "kiln";
    return engine::writePicture(test::testPicture(128, 128), metadata, folder() / "drop.png").value();
  }
  QString notice() { return window.findChild<NoticeBar*>()->text(); }
  void drop(const std::filesystem::path& file) {
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(QString::fromStdString(file.string()))});
    QDragEnterEvent enter({20, 20}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &enter);
    QDropEvent event(QPointF(20, 20), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &event);
  }
  engine::JobId makePicture(int number) {
    workspace->session.generate();
    const engine::JobId job = generator.last().id;
    generator.start(job);
    generator.picture(job, 0, 100 + static_cast<std::uint64_t>(number),
                      folder() / ("p" + std::to_string(number) + ".png"), test::testPicture(128, 128, number));
    generator.finish(job, 1);
    return job;
  }

  MainWindow window;
};

}  // namespace

class MainWindowTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  /// Windows keep their place in a file: not in that of the person who runs the tests.
  void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
  void init() { QFile::remove(settings::windowStateFile()); }

  void everyControlHasAName() {
    Desk desk;
    QStringList unnamed;
    for (const QWidget* widget : desk.window.findChildren<QWidget*>()) {
      const bool control = qobject_cast<const QAbstractButton*>(widget) ||
                           qobject_cast<const QAbstractSpinBox*>(widget) ||
                           qobject_cast<const QAbstractSlider*>(widget) || qobject_cast<const QComboBox*>(widget) ||
                           qobject_cast<const QLineEdit*>(widget) || qobject_cast<const QPlainTextEdit*>(widget) ||
                           qobject_cast<const QListView*>(widget) || qobject_cast<const Canvas*>(widget);
      if (!control || widget->isHidden() || widget->focusPolicy() == Qt::NoFocus || isInsideAnotherControl(widget) ||
          hasName(widget))
        continue;
      unnamed.append(QLatin1String(widget->metaObject()->className()) + u' ' + widget->objectName());
    }
    QVERIFY2(unnamed.isEmpty(), qPrintable(unnamed.join(u'\n')));
  }

  void noTwoCommandsHaveTheSameKey() {
    Desk desk;
    QStringList keys;
    for (const QAction* action : desk.window.actions()) {
      for (const QKeySequence& key : action->shortcuts()) keys.append(key.toString());
    }
    QVERIFY(keys.size() > 15);
    QCOMPARE(keys.removeDuplicates(), 0);
  }

  void ctrlEnterGeneratesFromThePrompt() {
    Desk desk;
    QVERIFY(QTest::qWaitForWindowActive(&desk.window));
    auto* prompt = desk.window.findChild<QPlainTextEdit*>(QStringLiteral("prompt"));
    QVERIFY(prompt != nullptr);
    QTest::keyClicks(prompt, QStringLiteral("a pond"));
    QTest::keyClick(prompt, Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(QTest::qWaitFor([&] { return desk.generator.submitted.size() == 1; }));
    QCOMPARE(desk.generator.last().request.prompt, std::string("a pond"));
  }

  void previewsAndTheFinishedPictureReachTheCanvas() {
    Desk desk;
    desk.workspace->session.generate();
    const engine::JobId job = desk.generator.last().id;
    desk.generator.start(job);
    desk.generator.preview(job, 3, {test::testPicture(16, 16)});
    QVERIFY(QTest::qWaitFor([&] { return desk.canvas().showsPreview(); }));
    desk.generator.picture(job, 0, 5, desk.folder() / "p.png", test::testPicture(128, 128));
    QVERIFY(QTest::qWaitFor([&] { return !desk.canvas().showsPreview() && !desk.canvas().isEmpty(); }));
    QCOMPARE(desk.canvas().image().width(), 128);
  }

  void whoLooksAtAnOldPictureIsNotPulledAway() {
    Desk desk;
    desk.makePicture(1);
    desk.makePicture(2);
    QVERIFY(
        QTest::qWaitFor([&] { return desk.workspace->gallery.rowCount() == 2 && !desk.workspace->session.isBusy(); }));
    desk.workspace->session.generate();
    auto* strip = desk.window.findChild<QListView*>(QStringLiteral("gallery"));
    Q_EMIT strip->clicked(strip->model()->index(1, 0));
    const QImage looked = desk.canvas().image();
    desk.generator.preview(desk.generator.last().id, 1, {test::testPicture(16, 16)});
    desk.generator.step(desk.generator.last().id, 1, 20);
    QVERIFY(QTest::qWaitFor([&] { return desk.workspace->session.progress().step == 1; }));
    QVERIFY(!desk.canvas().showsPreview());
    QCOMPARE(desk.canvas().image(), looked);
  }

  void aDroppedPictureGivesItsSettingsAndUndoTakesThemBack() {
    Desk desk;
    desk.drop(desk.pictureWithPrompt("dropped from outside"));
    QVERIFY(QTest::qWaitFor([&] { return desk.workspace->draft.request().prompt == "dropped from outside"; }));
    QVERIFY(QTest::qWaitFor([&] { return !desk.canvas().isEmpty(); }));
    QVERIFY(!desk.notice().isEmpty());
    desk.command("undo").trigger();
    QVERIFY(desk.workspace->draft.request().prompt.empty());
  }

  void ctrlZInThePromptTakesARestoreBack() {
    Desk desk;
    QVERIFY(QTest::qWaitForWindowActive(&desk.window));
    auto* prompt = desk.window.findChild<QPlainTextEdit*>(QStringLiteral("prompt"));
    prompt->setFocus();
    QTest::keyClicks(prompt, QStringLiteral("a pond"));
    desk.drop(desk.pictureWithPrompt("dropped from outside"));
    QVERIFY(QTest::qWaitFor([&] { return prompt->toPlainText() == QStringLiteral("dropped from outside"); }));
    QVERIFY(desk.workspace->draft.request().seed.has_value());
    QTest::keyClick(prompt, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(prompt->toPlainText(), QStringLiteral("a pond"));
    QVERIFY(!desk.workspace->draft.request().seed.has_value());
    QTest::keyClick(prompt, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(desk.workspace->draft.request().seed->value, std::uint64_t{99});
  }

  void theNoticesUndoIsOfferedOnlyForItsOwnStep() {
    Desk desk;
    desk.drop(desk.lora("glow"));
    QVERIFY(QTest::qWaitFor([&] { return desk.button(QStringLiteral("Undo")) != nullptr; }));
    desk.workspace->draft.edit([](auto& request) { request.steps = 9; });
    QVERIFY(!desk.notice().isEmpty());
    QVERIFY(desk.button(QStringLiteral("Undo")) == nullptr);
  }

  void aNoticeAboutNothingChangedOffersNoUndo() {
    Desk desk;
    desk.makePicture(1);
    QVERIFY(QTest::qWaitFor([&] { return desk.workspace->gallery.rowCount() == 1; }));
    desk.command("use_seed").trigger();
    QVERIFY(desk.button(QStringLiteral("Undo")) != nullptr);
    desk.command("use_seed").trigger();
    QVERIFY(desk.button(QStringLiteral("Undo")) == nullptr);
  }

  void damagedSettingsAreToldInTheFirstWindow() {
    test::TestDesk desk;
    const QString file = QString::fromStdString((desk.folder() / "damaged.json").string());
    std::ofstream(file.toStdString()) << "{ this is not JSON";
    settings::AppSettings damaged(file);
    Workspace workspace(Collaborators{damaged, desk.generator, desk.inspector, desk.tokenCounter, desk.promptLinter,
                                      desk.devices, desk.estimator, desk.unfinishedJobs, QStringLiteral("0.0-test")});
    const MainWindow window(workspace);
    QVERIFY(window.findChild<NoticeBar*>()->text().contains(QStringLiteral("damaged.json.broken")));
  }

  void theFirstWindowIsNoLargerThanTheScreen() {
    const test::TestDesk desk;
    const MainWindow window(*desk.workspace);
    QVERIFY(window.height() <= window.screen()->availableSize().height());
    QVERIFY(window.width() <= std::max(window.screen()->availableSize().width(), window.minimumSizeHint().width()));
  }

  void aBrokenFileOfTheLoraDialogIsExplained() {
    Desk desk;
    desk.window.findChild<LoraPanel*>()->addFiles({QStringLiteral("/nowhere/broken.safetensors")});
    QVERIFY(QTest::qWaitFor([&] { return desk.notice() == QStringLiteral("This is no model file."); }));
  }

  void theLiveViewComesBackByItsButtonAndWithTheNextJob() {
    Desk desk;
    const auto shown = [&](int step) {
      desk.generator.preview(desk.generator.submitted[desk.generator.submitted.size() - 2].id, step,
                             {test::testPicture(16, 16, step)});
    };
    desk.makePicture(1);
    desk.makePicture(2);
    QVERIFY(QTest::qWaitFor([&] { return desk.workspace->gallery.rowCount() == 2; }));
    QVERIFY(QTest::qWaitFor([&] { return !desk.workspace->session.isBusy(); }));
    desk.workspace->session.generate();
    desk.workspace->session.generate();
    desk.generator.start({3});
    shown(1);
    QVERIFY(QTest::qWaitFor([&] { return desk.canvas().showsPreview(); }));
    auto* strip = desk.window.findChild<QListView*>(QStringLiteral("gallery"));
    auto* live = desk.window.findChild<QPushButton*>(QStringLiteral("live"));
    QVERIFY(!live->isVisible());
    strip->setCurrentIndex(strip->model()->index(1, 0));
    Q_EMIT strip->clicked(strip->model()->index(1, 0));
    QVERIFY(!desk.canvas().showsPreview());
    QVERIFY(live->isVisible());
    live->click();
    QVERIFY(desk.canvas().showsPreview());
    QVERIFY(!live->isVisible());
    Q_EMIT strip->clicked(strip->model()->index(1, 0));
    desk.generator.finish({3}, 0);
    desk.generator.start({4});
    desk.generator.preview({4}, 2, {test::testPicture(16, 16, 3)});
    QVERIFY(QTest::qWaitFor([&] { return desk.canvas().showsPreview(); }));
    desk.generator.picture({4}, 0, 5, desk.folder() / "p4.png", test::testPicture(64, 64));
    QVERIFY(QTest::qWaitFor([&] { return desk.canvas().image().width() == 64; }));
  }

  void aStoppedPreviewSaysSoAndIsNotWhatIsCopied() {
    Desk desk;
    desk.makePicture(1);
    QVERIFY(QTest::qWaitFor([&] { return !desk.canvas().isEmpty() && !desk.workspace->session.isBusy(); }));
    desk.workspace->session.generate();
    desk.generator.start({2});
    desk.generator.step({2}, 5, 20);
    desk.generator.preview({2}, 5, {test::testPicture(16, 16)});
    QVERIFY(QTest::qWaitFor([&] { return desk.canvas().showsPreview(); }));
    desk.workspace->session.stop();
    desk.generator.confirmCancel({2});
    QVERIFY(QTest::qWaitFor([&] { return !desk.workspace->session.isBusy(); }));
    QCOMPARE(desk.window.findChild<CanvasView*>()->note(), QStringLiteral("Stopped at step 5 of 20"));
    desk.command("copy_picture").trigger();
    QCOMPARE(QApplication::clipboard()->image().width(), 128);
  }

  void closingWhilePicturesAreMadeAsksOnce() {
    Desk desk;
    for (int i = 0; i < 3; ++i) desk.workspace->session.generate();
    QVERIFY(!desk.window.close());
    QVERIFY(desk.window.isVisible());
    QVERIFY2(desk.notice().contains(QStringLiteral("2 wait")), qPrintable(desk.notice()));
    QVERIFY(desk.button(QStringLiteral("Close anyway")) != nullptr);
    QVERIFY(desk.window.close());
    Desk idle;
    QVERIFY(idle.window.close());
  }

  void aDroppedLoraJoinsTheDraft() {
    Desk desk;
    desk.drop(desk.lora("glow"));
    QVERIFY(QTest::qWaitFor([&] { return desk.workspace->draft.request().loras.size() == 1; }));
    QCOMPARE(desk.workspace->draft.request().loras[0].file, desk.lora("glow"));
    QVERIFY(desk.notice().contains(QStringLiteral("glow")));
  }

  void aDroppedFileThatIsNothingUsableIsExplained() {
    Desk desk;
    desk.drop(desk.folder() / "models" / "unknown.safetensors");
    QVERIFY(QTest::qWaitFor([&] { return desk.notice() == QStringLiteral("This is no model file."); }));
    QVERIFY(desk.workspace->draft.request().loras.empty());
  }

  void checkpointsAndDiffusersFoldersCanBeDropped() {
    Desk desk;
    desk.inspector.files["old.ckpt"] = test::modelInfo("old");
    desk.drop(desk.folder() / "old.ckpt");
    QVERIFY(QTest::qWaitFor([&] { return desk.workspace->draft.request().model == desk.folder() / "old.ckpt"; }));
    std::filesystem::create_directories(desk.folder() / "duck");
    std::ofstream(desk.folder() / "duck" / "model_index.json") << "{}";
    desk.inspector.files["duck"] = test::modelInfo("duck");
    desk.drop(desk.folder() / "duck");
    QVERIFY(QTest::qWaitFor([&] { return desk.workspace->draft.request().model == desk.folder() / "duck"; }));
  }

  void whatCannotBeUsedIsSaidWhenItIsDropped() {
    Desk desk;
    desk.drop(desk.folder() / "notes.txt");
    QVERIFY(desk.notice().contains(QStringLiteral("notes.txt")));
    QVERIFY(desk.notice().contains(QStringLiteral("safetensors")));
    desk.drop(desk.folder() / "models");
    QVERIFY(desk.notice().contains(QStringLiteral("no diffusers model")));
  }

  void theReportHoldsNoPromptAndNoFolder() {
    Desk desk;
    desk.workspace->draft.edit([](auto& request) { request.prompt = "my secret prompt"; });
    desk.workspace->session.generate();
    desk.command("copy_diagnostics").trigger();
    const QString report = QApplication::clipboard()->text();
    QVERIFY(report.contains(QStringLiteral("Kiln Studio 0.0-test")));
    QVERIFY(!report.contains(QStringLiteral("secret")));
    QVERIFY(!report.contains(QString::fromStdString(desk.folder().string())));
  }

  void settingsOfAnOldPictureCanBeUsedAgain() {
    Desk desk;
    desk.workspace->draft.edit([](auto& request) { request.prompt = "first"; });
    desk.makePicture(1);
    QVERIFY(QTest::qWaitFor([&] { return desk.workspace->gallery.rowCount() == 1; }));
    desk.workspace->draft.edit([](auto& request) { request.prompt = "second"; });
    desk.command("use_settings").trigger();
    QCOMPARE(desk.workspace->draft.request().prompt, std::string("first"));
    QCOMPARE(desk.workspace->draft.request().seed->value, std::uint64_t{101});
  }

  void everyFieldOfARequestHasAControl() {
    Desk desk;
    const engine::GenerationRequest request;
    engine::visitFields(request, [&desk](const engine::FieldInfo& field, const auto&) {
      if (field.id == "loras") return;  // has a whole panel
      QVERIFY2(desk.window.findChild<QWidget*>(toQString(field.id)) != nullptr, field.id.data());
    });
  }

  void aReasonsLinkUnfoldsTheCardAndPutsTheFocusOnTheControl() {
    Desk desk;
    QVERIFY(QTest::qWaitForWindowActive(&desk.window));
    auto* sigmas = desk.window.findChild<QLineEdit*>(QStringLiteral("sigmas"));
    QVERIFY(!sigmas->isVisible());
    desk.workspace->draft.edit([](engine::GenerationRequest& r) { r.sigmas = "up and down"; });
    auto* reasons = desk.window.findChild<QLabel*>(QStringLiteral("reasons"));
    QVERIFY2(reasons->text().contains(QStringLiteral("href=\"sigmas\"")), qPrintable(reasons->text()));
    Q_EMIT reasons->linkActivated(QStringLiteral("sigmas"));
    QVERIFY(sigmas->isVisible());
    QVERIFY(sigmas->hasFocus());
  }
};

}  // namespace studio::ui

QTEST_MAIN(studio::ui::MainWindowTest)
#include "main_window_test.moc"
