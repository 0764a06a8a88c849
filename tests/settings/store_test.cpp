#include "settings/app_settings.h"
#include "settings/paths.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

namespace studio::settings {

class StoreTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir dir_;
  QString file_;

  void write(const QByteArray& text) const {
    QFile file(file_);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
  }
  QJsonObject read() const {
    QFile file(file_);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
  }

 private Q_SLOTS:
  void init() {
    file_ = dir_.filePath(QString::number(QDateTime::currentMSecsSinceEpoch()) + QStringLiteral("-") +
                          QLatin1String(QTest::currentTestFunction()) + QStringLiteral(".json"));
  }

  void aSettingHasItsDefaultUntilItIsSet() {
    AppSettings settings(file_);
    QCOMPARE(settings.theme.get(), QStringLiteral("system"));
    settings.theme.set(QStringLiteral("dark"));
    QCOMPARE(settings.theme.get(), QStringLiteral("dark"));
    settings.theme.reset();
    QCOMPARE(settings.theme.get(), QStringLiteral("system"));
  }

  void everyKindOfValueComesBackInTheNextSession() {
    {
      AppSettings settings(file_);
      settings.theme.set(QStringLiteral("light"));
      settings.threads.set(3);
      settings.sizeLocked.set(true);
      settings.modelFolders.set({QStringLiteral("/models/日本"), QStringLiteral("/b")});
    }
    const AppSettings again(file_);
    QCOMPARE(again.theme.get(), QStringLiteral("light"));
    QCOMPARE(again.threads.get(), 3);
    QCOMPARE(again.sizeLocked.get(), true);
    QCOMPARE(again.modelFolders.get(), QStringList({QStringLiteral("/models/日本"), QStringLiteral("/b")}));
  }

  void keysOfOtherVersionsSurviveASave() {
    write(R"({"future.thing": {"a": [1, 2]}, "look.theme": "dark"})");
    {
      AppSettings settings(file_);
      settings.theme.set(QStringLiteral("light"));
    }
    QCOMPARE(read().value(QStringLiteral("future.thing")).toObject().value(QStringLiteral("a")).toArray().size(), 2);
    QCOMPARE(read().value(QStringLiteral("look.theme")).toString(), QStringLiteral("light"));
  }

  void aValueOfTheWrongKindCountsAsAbsent() {
    write(R"({"engine.threads": "many", "folders.models": 7})");
    const AppSettings settings(file_);
    QCOMPARE(settings.threads.get(), 0);
    QCOMPARE(settings.modelFolders.get(), QStringList());
  }

  void aDamagedFileIsPutAsideAndSaidSo() {
    write("{ this is not JSON");
    AppSettings settings(file_);
    QVERIFY(!settings.store().problem().isEmpty());
    QVERIFY(QFile::exists(file_ + QStringLiteral(".broken")));
    settings.theme.set(QStringLiteral("dark"));
    settings.store().flush();
    QCOMPARE(read().value(QStringLiteral("look.theme")).toString(), QStringLiteral("dark"));
  }

  void aChangeIsAnnouncedOnceAndOnlyWhenItIsOne() {
    AppSettings settings(file_);
    QSignalSpy spy(&settings.store(), &Store::changed);
    settings.theme.set(QStringLiteral("dark"));
    settings.theme.set(QStringLiteral("dark"));
    QCOMPARE(spy.count(), 1);
    QCOMPARE(spy.first().first().toString(), settings.theme.key());
  }

  void anUnwritableFolderIsAProblemAndNotACrash() {
    AppSettings settings(QStringLiteral("/proc/no/such/settings.json"));
    QSignalSpy spy(&settings.store(), &Store::problemChanged);
    settings.theme.set(QStringLiteral("dark"));
    settings.store().flush();
    QVERIFY(spy.wait());
    QVERIFY(settings.store().problem().contains(QStringLiteral("/proc/no/such")));
  }

  void theChosenFoldersAreSearchedWithTheStarters() {
    AppSettings settings(file_);
    settings.modelFolders.set({QStringLiteral("/m")});
    settings.loraFolders.set({QStringLiteral("/l"), QStringLiteral("/m")});
    const QStringList folders = searchFolders(settings);
    QCOMPARE(folders.count(QStringLiteral("/m")), 1);
    QVERIFY(folders.contains(QStringLiteral("/l")));
    QVERIFY(folders.last().endsWith(QStringLiteral("starter")));
  }
};

}  // namespace studio::settings

QTEST_GUILESS_MAIN(studio::settings::StoreTest)
#include "store_test.moc"
