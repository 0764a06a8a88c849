#include "ui/main_window/restore_panel.h"
#include "tests/ui/support/find_controls.h"
#include "tests/ui/support/test_desk.h"

#include <QImage>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QTest>
#include <QTextBrowser>

namespace studio::ui {
namespace {

/// A picture of another program: only the text counts.
std::filesystem::path pictureWith(test::TestDesk& desk, const QString& keyword, const QString& text) {
  QImage image(16, 16, QImage::Format_RGB32);
  image.fill(Qt::gray);
  image.setText(keyword, text);
  const std::filesystem::path path = desk.folder() / "theirs.png";
  image.save(QString::fromStdString(path.string()), "PNG");
  return path;
}

constexpr const char* kInvoke = R"({"positive_prompt": "a duck+ <b>", "negative_prompt": "blurry", "steps": 7,
  "scheduler": "warp_drive", "cfg_scale": 5, "model": {"name": "swan"}, "seamless_x": true})";

}  // namespace

class RestorePanelTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void whatCouldNotBeTakenOverIsListedAndTheTranslationIsShown() {
    test::TestDesk desk;
    RestorePanel panel(desk.workspace->restorer, desk.workspace->draft);
    QVERIFY(panel.isHidden());
    desk.workspace->restorer.restore(pictureWith(desk, QStringLiteral("invokeai_metadata"), QLatin1String(kInvoke)));
    QVERIFY(QTest::qWaitFor([&] { return !panel.isHidden(); }));
    QStringList listed;
    const auto* list = panel.findChild<QListWidget*>(QStringLiteral("restoreNotes"));
    for (int row = 0; row < list->count(); ++row) listed.append(list->item(row)->text());
    const QString all = listed.join(QLatin1Char('\n'));
    for (const char* part : {"swan", "warp_drive", "seamless_x: true", "Reproduced as: diffusers"}) {
      QVERIFY2(all.contains(QLatin1String(part)), qPrintable(all));
    }
    QVERIFY(!list->accessibleName().isEmpty());
    const auto* changes = panel.findChild<QTextBrowser*>(QStringLiteral("promptChanges"));
    QVERIFY(changes->toPlainText().contains(QStringLiteral("<b>")));  // words of the picture never become markup
    QVERIFY(changes->toHtml().contains(QStringLiteral("line-through")));
    QCOMPARE(desk.workspace->draft.request().prompt, std::string("a (duck:1.1) <b>"));
    QCOMPARE(panel.note(), QStringLiteral("InvokeAI"));
  }

  void aSearchByHashIsShownAndCanBeStopped() {
    test::TestDesk desk;
    desk.inspector.hold = true;
    RestorePanel panel(desk.workspace->restorer, desk.workspace->draft);
    desk.workspace->restorer.restore(pictureWith(
        desk, QStringLiteral("parameters"),
        QStringLiteral("a duck\nSteps: 5, Sampler: Euler, Seed: 1, Model hash: c0d1994c73, Model: realistic")));
    QVERIFY(QTest::qWaitFor([&] { return !panel.isHidden(); }));
    auto* stop = panel.findChild<QPushButton*>(QStringLiteral("stop_search"));
    QVERIFY(stop->isVisibleTo(&panel));
    const auto* list = panel.findChild<QListWidget*>(QStringLiteral("restoreNotes"));
    QVERIFY(list->item(0)->text().contains(QStringLiteral("c0d1994c73")));
    const auto* bar = panel.findChild<QProgressBar*>();
    QVERIFY(QTest::qWaitFor([&] { return bar->value() == bar->maximum() / 2; }));
    stop->click();
    QVERIFY(QTest::qWaitFor([&] { return !stop->isVisibleTo(&panel); }));
    QVERIFY(!panel.isHidden());
  }

  void theOriginalWordingComesBackInOneUndoStep() {
    test::TestDesk desk;
    RestorePanel panel(desk.workspace->restorer, desk.workspace->draft);
    desk.workspace->restorer.restore(pictureWith(desk, QStringLiteral("invokeai_metadata"), QLatin1String(kInvoke)));
    QVERIFY(QTest::qWaitFor([&] { return !panel.isHidden(); }));
    test::buttonWith(panel, QStringLiteral("original"))->click();
    QCOMPARE(desk.workspace->draft.request().prompt, std::string("a duck+ <b>"));
    desk.workspace->draft.undoStack().undo();
    QCOMPARE(desk.workspace->draft.request().prompt, std::string("a (duck:1.1) <b>"));
  }

  void aPictureOfOursThatIsCompleteShowsNothing() {
    test::TestDesk desk;
    RestorePanel panel(desk.workspace->restorer, desk.workspace->draft);
    engine::PictureMetadata metadata;
    metadata.request.model = desk.model();
    metadata.request.prompt = "a duck";
    const auto path = engine::writePicture(test::testPicture(16, 16), metadata, desk.folder() / "ours.png");
    QVERIFY(path);
    desk.workspace->restorer.restore(path.value());
    QVERIFY(QTest::qWaitFor([&] { return desk.workspace->draft.request().prompt == "a duck"; }));
    QVERIFY(panel.isHidden());
  }
};

}  // namespace studio::ui

QTEST_MAIN(studio::ui::RestorePanelTest)
#include "restore_panel_test.moc"
