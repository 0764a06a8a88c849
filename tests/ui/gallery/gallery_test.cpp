#include "tests/ui/support/fake_generator.h"
#include "ui/gallery/gallery_model.h"
#include "ui/gallery/gallery_strip.h"
#include "ui/gallery/picture_card.h"

#include <QLabel>
#include <QListView>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <QUrl>

#include <memory>

namespace studio::ui {
namespace {

FinishedPicture finished(int number) {
  FinishedPicture picture;
  picture.path = "/pictures/p" + std::to_string(number) + ".png";
  picture.seed = {static_cast<std::uint64_t>(1000 + number)};
  picture.size = {64, 32};
  picture.request.prompt = "picture number " + std::to_string(number);
  picture.time = QDateTime::currentDateTime();
  picture.image = test::testPicture(64, 32, number);
  return picture;
}

}  // namespace

class GalleryTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theNewestPictureComesFirstAndGetsAThumbnail() {
    GalleryModel model;
    model.add(finished(1));
    model.add(finished(2));
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.picture(0).seed.value, std::uint64_t{1002});
    QVERIFY(
        QTest::qWaitFor([&] { return !model.picture(0).thumbnail.isNull() && !model.picture(1).thumbnail.isNull(); }));
    QCOMPARE(model.picture(0).thumbnail.width(), GalleryModel::kThumbnailSide);
    QCOMPARE(model.picture(0).thumbnail.height(), GalleryModel::kThumbnailSide / 2);
  }

  void aScreenReaderHearsPromptSizeAndSeed() {
    GalleryModel model;
    model.add(finished(3));
    const QString spoken = model.index(0).data(Qt::AccessibleTextRole).toString();
    QVERIFY(spoken.contains(QStringLiteral("picture number 3")));
    QVERIFY(spoken.contains(QStringLiteral("1003")));
    QVERIFY(spoken.contains(QStringLiteral("64")));
  }

  void pixelsOfOldPicturesAreNotKept() {
    GalleryModel model;
    for (int i = 0; i < 30; ++i) model.add(finished(i));
    QVERIFY(!model.picture(0).image.empty());
    QVERIFY(model.picture(29).image.empty());
  }

  void aPictureCanBeDraggedOutAsItsFile() {
    GalleryModel model;
    model.add(finished(4));
    const std::unique_ptr<QMimeData> data(model.mimeData({model.index(0)}));
    QCOMPARE(data->urls().first().toLocalFile(), QStringLiteral("/pictures/p4.png"));
  }

  void theStripFollowsTheNewestUntilAnotherIsChosen() {
    GalleryModel model;
    GalleryStrip strip(model);
    QSignalSpy chosen(&strip, &GalleryStrip::pictureChosen);
    model.add(finished(1));
    QCOMPARE(strip.currentRow(), 0);
    model.add(finished(2));
    QCOMPARE(strip.currentRow(), 0);
    QCOMPARE(chosen.last().first().toInt(), 0);
    strip.findChild<QListView*>()->setCurrentIndex(model.index(1));
    model.add(finished(3));
    QCOMPARE(strip.currentRow(), 2);
  }

  void anEmptyStripSaysWhatBelongsThere() {
    GalleryModel model;
    GalleryStrip strip(model);
    strip.show();
    QVERIFY(!strip.findChild<QListView*>()->isVisible());
    model.add(finished(1));
    QVERIFY(strip.findChild<QListView*>()->isVisible());
    QVERIFY(!strip.note().isEmpty());
  }

  void theCardOfThePictureShowsSeedAndPrompt() {
    PictureCard card;
    QVERIFY(card.isHidden());
    card.showPicture(finished(5));
    QVERIFY(!card.isHidden());
    QString all;
    for (const QLabel* label : card.findChildren<QLabel*>()) all += label->text() + u'\n';
    QVERIFY(all.contains(QStringLiteral("1005")));
    QVERIFY(all.contains(QStringLiteral("picture number 5")));
  }
};

}  // namespace studio::ui

QTEST_MAIN(studio::ui::GalleryTest)
#include "gallery_test.moc"
