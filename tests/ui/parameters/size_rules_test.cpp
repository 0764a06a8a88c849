#include "ui/parameters/size_rules.h"

#include "engine/api/request_fields.h"

#include <QTest>

#include <cmath>

namespace studio::ui {

using engine::PixelSize;

class SizeRulesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void snapsToAMultipleOfEightWithinTheRange();
  void offersTheTrainedSizeAsSquare();
  void offersSizesOfTheTrainedAreaAndTheAskedShape_data();
  void offersSizesOfTheTrainedAreaAndTheAskedShape();
  void recognisesTheRatioItOffered();
  void keepsTheShapeWhenOneSideChanges();
  void warnsAwayFromTheTrainedSize_data();
  void warnsAwayFromTheTrainedSize();
};

void SizeRulesTest::snapsToAMultipleOfEightWithinTheRange() {
  QCOMPARE(snapSide(512), 512);
  QCOMPARE(snapSide(515), 512);
  QCOMPARE(snapSide(516), 520);
  QCOMPARE(snapSide(0), engine::kSmallestSide);
  QCOMPARE(snapSide(100'000), engine::kLargestSide);
}

void SizeRulesTest::offersTheTrainedSizeAsSquare() {
  QCOMPARE(sizeForRatio({1, 1}, {512, 512}), (PixelSize{512, 512}));
  QCOMPARE(sizeForRatio({1, 1}, {96, 96}), (PixelSize{96, 96}));
}

void SizeRulesTest::offersSizesOfTheTrainedAreaAndTheAskedShape_data() {
  QTest::addColumn<int>("trained");
  for (const int side : {128, 256, 512, 768, 1024}) QTest::addRow("%d", side) << side;
}

void SizeRulesTest::offersSizesOfTheTrainedAreaAndTheAskedShape() {
  QFETCH(int, trained);
  for (const AspectRatio ratio : kAspectRatios) {
    const PixelSize size = sizeForRatio(ratio, {trained, trained});
    const double area = static_cast<double>(size.width) * size.height / (static_cast<double>(trained) * trained);
    const double shape = static_cast<double>(size.width) / size.height * ratio.height / ratio.width;
    QCOMPARE(size.width % engine::kSideMultiple, 0);
    QVERIFY2(std::abs(std::log(area)) < 0.2, qPrintable(QString::number(area)));
    QVERIFY2(std::abs(std::log(shape)) < 0.1, qPrintable(QString::number(shape)));
    const PixelSize turned = sizeForRatio({ratio.height, ratio.width}, {trained, trained});
    QCOMPARE(turned, (PixelSize{size.height, size.width}));
  }
}

void SizeRulesTest::recognisesTheRatioItOffered() {
  for (const AspectRatio ratio : kAspectRatios) {
    const auto found = ratioOf(sizeForRatio(ratio, {512, 512}), {512, 512});
    QVERIFY(found.has_value());
    QVERIFY(*found == ratio);
  }
  QVERIFY(!ratioOf({520, 512}, {512, 512}).has_value());
}

void SizeRulesTest::keepsTheShapeWhenOneSideChanges() {
  QCOMPARE(heightFor(768, {512, 256}), 384);
  QCOMPARE(widthFor(768, {512, 256}), 1536);
  QCOMPARE(heightFor(64, {8192, 64}), engine::kSmallestSide);
}

void SizeRulesTest::warnsAwayFromTheTrainedSize_data() {
  QTest::addColumn<int>("width");
  QTest::addColumn<int>("height");
  QTest::addColumn<int>("expected");
  const auto row = [](const char* name, int width, int height, SizeVerdict verdict) {
    QTest::newRow(name) << width << height << static_cast<int>(verdict);
  };
  row("trained", 512, 512, SizeVerdict::Trained);
  row("usual portrait", 512, 768, SizeVerdict::Good);
  row("small", 256, 256, SizeVerdict::TooSmall);
  row("large", 1024, 1024, SizeVerdict::TooLarge);
  row("long", 1152, 256, SizeVerdict::TooLong);
}

void SizeRulesTest::warnsAwayFromTheTrainedSize() {
  QFETCH(int, width);
  QFETCH(int, height);
  QFETCH(int, expected);
  QCOMPARE(static_cast<int>(judgeSize({width, height}, PixelSize{512, 512})), expected);
  QVERIFY(judgeSize({width, height}, std::nullopt) == SizeVerdict::Unknown);
}

}  // namespace studio::ui

QTEST_GUILESS_MAIN(studio::ui::SizeRulesTest)
#include "size_rules_test.moc"
