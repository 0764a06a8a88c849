#include "app/application.h"
#include "engine/api/image_io.h"
#include "ui/canvas/canvas.h"
#include "ui/main_window/main_window.h"

#include <QDropEvent>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

namespace studio::app {
namespace {

constexpr int kPatience = 240000;  ///< milliseconds; a loaded machine may be slow

}  // namespace

/// The whole way in a real window with the real engine and the starter model. Slots run in order and build on each
/// other.
class EndToEndTest : public QObject {
  Q_OBJECT

 public:
  explicit EndToEndTest(Application& application) : app_(application) {}

 private:
  ui::Workspace& workspace() { return app_.workspace(); }
  ui::Canvas& canvas() { return *app_.window().findChild<ui::Canvas*>(QStringLiteral("canvas")); }
  QPlainTextEdit& prompt() { return *app_.window().findChild<QPlainTextEdit*>(QStringLiteral("prompt")); }
  template <class Condition>
  bool waitFor(Condition condition) {
    return QTest::qWaitFor(condition, kPatience);
  }
  bool waitUntilIdle() {
    return waitFor([this] { return !workspace().session.isBusy(); });
  }
  QString failure() {
    const auto& error = workspace().session.lastError();
    return error ? QString::fromStdString(error->message + " " + error->detail) : QString();
  }
  engine::Image pixelsOf(int row) {
    const auto image = engine::readImage(workspace().gallery.picture(row).path);
    return image ? image.value() : engine::Image{};
  }

  Application& app_;

 private Q_SLOTS:
  void theFirstRunStartsWithTheStarterModelAtItsSize() {
    if (workspace().library.starterModel().empty()) QSKIP("no starter model in resources/starter");
    app_.window().show();
    QVERIFY(QTest::qWaitForWindowExposed(&app_.window()));
    app_.window().activateWindow();  // there may be no window manager that does it
    QVERIFY(QTest::qWaitForWindowActive(&app_.window()));
    QVERIFY(waitFor([this] { return workspace().library.isScanned(); }));
    QCOMPARE(workspace().draft.request().model, workspace().library.starterModel());
    QCOMPARE(workspace().draft.request().size,
             workspace().library.findModel(workspace().library.starterModel())->trainedSize);
    QVERIFY2(workspace().session.mayGenerate(),
             qPrintable(workspace().session.reasons().empty() ? QString() : workspace().session.reasons()[0].text));
  }

  void aTypedPromptGivesAPreviewAndStopEndsIt() {
    if (workspace().library.starterModel().empty()) QSKIP("no starter model in resources/starter");
    workspace().draft.edit([](engine::GenerationRequest& request) { request.steps = 400; });
    prompt().setFocus();
    QTest::keyClicks(&prompt(), QStringLiteral("a red apple"));
    QVERIFY(QTest::qWaitFor([this] { return workspace().draft.request().prompt == "a red apple"; }));
    QTest::keyClick(&prompt(), Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(waitFor([this] { return canvas().showsPreview() || !workspace().session.isBusy(); }));
    QVERIFY2(canvas().showsPreview(), qPrintable(failure()));
    app_.window().findChild<QPushButton*>(QStringLiteral("stop"))->click();
    QCOMPARE(workspace().session.state(), ui::GenerationSession::State::Stopping);
    QVERIFY(waitUntilIdle());
    QVERIFY2(failure().isEmpty(), qPrintable(failure()));
    QCOMPARE(workspace().gallery.rowCount(), 0);
  }

  void thePictureIsOnDiskAndOnTheCanvas() {
    if (workspace().library.starterModel().empty()) QSKIP("no starter model in resources/starter");
    workspace().draft.edit([](engine::GenerationRequest& request) { request.steps = 6; });
    app_.window().findChild<QPushButton*>(QStringLiteral("generate"))->click();
    QVERIFY(waitUntilIdle());
    QVERIFY2(failure().isEmpty(), qPrintable(failure()));
    QCOMPARE(workspace().gallery.rowCount(), 1);
    QVERIFY(std::filesystem::exists(workspace().gallery.picture(0).path));
    QVERIFY(!canvas().showsPreview());
    QCOMPARE(canvas().image().width(), workspace().draft.request().size.width);
  }

  void droppingThePictureMakesTheSamePixelsAgain() {
    if (workspace().library.starterModel().empty()) QSKIP("no starter model in resources/starter");
    QCOMPARE(workspace().gallery.rowCount(), 1);
    const std::filesystem::path file = workspace().gallery.picture(0).path;
    workspace().draft.edit([](engine::GenerationRequest& request) {
      request.prompt = "something else";
      request.steps = 3;
      request.guidanceScale = 2;
    });
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(QString::fromStdString(file.string()))});
    QDragEnterEvent enter({50, 50}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&app_.window(), &enter);
    QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&app_.window(), &drop);
    QVERIFY(waitFor([this] { return workspace().draft.request().prompt == "a red apple"; }));
    QCOMPARE(workspace().draft.request().steps, 6);
    QVERIFY(workspace().draft.request().seed.has_value());
    workspace().session.generate();
    QVERIFY(waitUntilIdle());
    QVERIFY2(failure().isEmpty(), qPrintable(failure()));
    QCOMPARE(workspace().gallery.rowCount(), 2);
    QVERIFY(workspace().gallery.picture(0).path != file);
    QCOMPARE(*pixelsOf(0).pixels, *pixelsOf(1).pixels);
  }

  void anotherLanguageMakesANewWindowWithTheSamePictures() {
    QPushButton* generate = app_.window().findChild<QPushButton*>(QStringLiteral("generate"));
    const QString before = generate->text();
    const bool japanese = before.contains(QStringLiteral("生成"));
    workspace().outside.settings.language.set(japanese ? QStringLiteral("en") : QStringLiteral("ja"));
    QVERIFY(
        waitFor([&] { return app_.window().findChild<QPushButton*>(QStringLiteral("generate"))->text() != before; }));
    QVERIFY(app_.window().isVisible());
    QCOMPARE(canvas().isEmpty(), workspace().gallery.rowCount() == 0);
  }
};

}  // namespace studio::app

int main(int argc, char** argv) {
  // A person who never used the studio: no settings, no pictures, whatever an earlier run of this test left behind.
  const QTemporaryDir home;
  for (const char* name : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"}) {
    qputenv(name, home.path().toUtf8());
  }
  studio::app::Application application(argc, argv);
  studio::app::EndToEndTest test(application);
  return QTest::qExec(&test, argc, argv);
}

#include "window_test.moc"
