#include "ui/canvas/canvas.h"
#include "tests/ui/support/fake_generator.h"
#include "ui/bridge/picture_image.h"
#include "ui/canvas/picture_grid.h"

#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

namespace studio::ui {

using test::testPicture;

class CanvasTest : public QObject {
  Q_OBJECT

 private:
  static void wheel(Canvas& canvas, QPointF at, int notches) {
    QWheelEvent event(at, canvas.mapToGlobal(at), {}, {0, 120 * notches}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&canvas, &event);
  }

 private Q_SLOTS:
  void anEnginePictureIsShownWithoutBeingCopied() {
    const engine::Image picture = testPicture(8, 4);
    const QImage shown = toQImage(picture);
    QCOMPARE(shown.constBits(), picture.pixels->data());
    QCOMPARE(shown.pixelColor(7, 0), QColor((*picture.pixels)[21], (*picture.pixels)[22], (*picture.pixels)[23]));
  }

  void aPictureWithTooFewPixelsIsNotShown() {
    engine::Image broken = testPicture(4, 4);
    broken.size = {400, 400};
    QVERIFY(toQImage(broken).isNull());
  }

  void fitShowsTheWholePictureAtAnySize() {
    Canvas canvas;
    canvas.resize(432, 232);
    canvas.showPicture(testPicture(200, 200), QStringLiteral("a test"));
    QVERIFY(canvas.isFitted());
    QCOMPARE(canvas.zoom(), 1.0);
    canvas.resize(432, 432);
    QCOMPARE(canvas.zoom(), 2.0);
    QCOMPARE(canvas.accessibleDescription(), QStringLiteral("a test"));
  }

  void aSmallPreviewTakesThePlaceOfTheFinishedPicture() {
    Canvas canvas;
    canvas.resize(432, 432);
    canvas.showPreviews({testPicture(16, 16)}, {200, 200});
    QCOMPARE(canvas.zoom(), 2.0);
    QVERIFY(canvas.showsPreview());
    QSignalSpy spy(&canvas, &Canvas::zoomChanged);
    canvas.showPicture(testPicture(200, 200), {});
    QCOMPARE(spy.count(), 0);
    QVERIFY(!canvas.showsPreview());
  }

  void theWheelZoomsAroundThePointer() {
    Canvas canvas;
    canvas.resize(400, 400);
    canvas.showPicture(testPicture(400, 400), {});
    canvas.setZoom(2.0);
    wheel(canvas, {200, 200}, 1);
    QCOMPARE(canvas.zoom(), 2.5);
    wheel(canvas, {200, 200}, -1);
    QCOMPARE(canvas.zoom(), 2.0);
    QVERIFY(!canvas.isFitted());
  }

  void zoomHasLimits() {
    Canvas canvas;
    canvas.resize(400, 400);
    canvas.showPicture(testPicture(64, 64), {});
    canvas.setZoom(1000);
    QCOMPARE(canvas.zoom(), 32.0);
    canvas.setZoom(0);
    QCOMPARE(canvas.zoom(), 0.05);
  }

  void keysZoomAndFit() {
    Canvas canvas;
    canvas.resize(400, 400);
    canvas.showPicture(testPicture(64, 64), {});
    QTest::keyClick(&canvas, Qt::Key_1);
    QCOMPARE(canvas.zoom(), 1.0);
    QTest::keyClick(&canvas, Qt::Key_2);
    QCOMPARE(canvas.zoom(), 2.0);
    QTest::keyClick(&canvas, Qt::Key_0);
    QVERIFY(canvas.isFitted());
  }

  void draggingMovesALargePictureAndStopsAtItsEdge() {
    Canvas canvas;
    canvas.resize(200, 200);
    canvas.showPicture(testPicture(400, 400), {});
    canvas.setZoom(1.0);
    const QColor before = canvas.grab().toImage().pixelColor(100, 100);
    QTest::mousePress(&canvas, Qt::LeftButton, {}, {100, 100});
    QTest::mouseMove(&canvas, {40, 100});
    QMouseEvent move(QEvent::MouseMove, QPointF(-5000, 100), QPointF(-5000, 100), Qt::LeftButton, Qt::LeftButton, {});
    QCoreApplication::sendEvent(&canvas, &move);
    QTest::mouseRelease(&canvas, Qt::LeftButton, {}, {40, 100});
    const QImage after = canvas.grab().toImage();
    QVERIFY(after.pixelColor(100, 100) != before);
    QVERIFY2(after.pixelColor(170, 100).red() > 230, "the right edge of the picture is in sight");
  }

  void aBatchIsArrangedSideBySide() {
    const PictureGrid grid =
        arrangeInGrid({testPicture(64, 64, 0), testPicture(64, 64, 1), testPicture(64, 64, 2)}, {128, 128});
    QCOMPARE(grid.image.width(), 64 * 2 + 1);
    QCOMPARE(grid.image.height(), 64 * 2 + 1);
    QCOMPARE(grid.size.width(), 129 * 2.0);
    QCOMPARE(grid.image.pixelColor(64 + 1, 0).blue(), toQImage(testPicture(64, 64, 1)).pixelColor(0, 0).blue());
    QCOMPARE(grid.image.pixelColor(100, 100).alpha(), 0);
  }

  void anEmptyCanvasSaysSo() {
    Canvas canvas;
    QVERIFY(canvas.isEmpty());
    QVERIFY(!canvas.accessibleName().isEmpty());
    QVERIFY(!canvas.accessibleDescription().isEmpty());
    canvas.showPicture(testPicture(8, 8), QStringLiteral("x"));
    QVERIFY(!canvas.isEmpty());
    canvas.clear();
    QVERIFY(canvas.isEmpty());
  }
};

}  // namespace studio::ui

QTEST_MAIN(studio::ui::CanvasTest)
#include "canvas_test.moc"
