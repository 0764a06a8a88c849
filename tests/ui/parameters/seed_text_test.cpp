#include "ui/parameters/seed_text.h"

#include <QTest>

namespace studio::ui {

class SeedTextTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void keepsAll64Bits();
  void takesNothingAndMinusOneAsRandom();
  void refusesWhatIsNoSeed();
  void takesFullWidthDigits();
};

void SeedTextTest::keepsAll64Bits() {
  const QString largest = QStringLiteral("18446744073709551615");
  const SeedText read = readSeedText(largest);
  QVERIFY(read.valid);
  QCOMPARE(read.seed->value, std::uint64_t{18446744073709551615u});
  QCOMPARE(seedText(read.seed), largest);
  QCOMPARE(readSeedText(QStringLiteral("9007199254740993")).seed->value, std::uint64_t{9007199254740993});
}

void SeedTextTest::takesNothingAndMinusOneAsRandom() {
  for (const char* text : {"", "  ", "-1"}) {
    QVERIFY(readSeedText(QLatin1String(text)).valid);
    QVERIFY(!readSeedText(QLatin1String(text)).seed.has_value());
  }
  QCOMPARE(seedText(std::nullopt), QString());
}

void SeedTextTest::refusesWhatIsNoSeed() {
  for (const char* text : {"18446744073709551616", "-2", "1.5", "1e9", "cat", "+7", "1 2"}) {
    QVERIFY2(!readSeedText(QLatin1String(text)).valid, text);
  }
}

void SeedTextTest::takesFullWidthDigits() {
  QCOMPARE(readSeedText(QString::fromUtf8("４２１３")).seed->value, std::uint64_t{4213});
}

}  // namespace studio::ui

QTEST_GUILESS_MAIN(studio::ui::SeedTextTest)
#include "seed_text_test.moc"
