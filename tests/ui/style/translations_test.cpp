#include "settings/app_settings.h"
#include "ui/style/language.h"

#include <QCoreApplication>
#include <QFile>
#include <QLocale>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

namespace studio::ui {
namespace {

struct Message {
  QString source;
  QString translation;
  bool unfinished = false;
};

QList<Message> messagesIn(const QString& path) {
  QFile file(path);
  QList<Message> messages;
  if (!file.open(QIODevice::ReadOnly)) return messages;
  QXmlStreamReader xml(&file);
  while (!xml.atEnd()) {
    if (xml.readNext() != QXmlStreamReader::StartElement) continue;
    if (xml.name() == QStringLiteral("message")) messages.append(Message{});
    if (xml.name() == QStringLiteral("source")) messages.last().source = xml.readElementText();
    if (xml.name() == QStringLiteral("translation")) {
      messages.last().unfinished = xml.attributes().value(QStringLiteral("type")) == QStringLiteral("unfinished");
      messages.last().translation = xml.readElementText(QXmlStreamReader::IncludeChildElements).trimmed();
    }
  }
  return messages;
}

/// The file as it would be after lupdate has read today's sources.
QString updatedCopy(const QTemporaryDir& dir, const QString& name, const QStringList& flags) {
  const QString copy = dir.filePath(name);
  QFile::copy(QStringLiteral(STUDIO_ROOT "/resources/translations/") + name, copy);
  QProcess lupdate;
  lupdate.setWorkingDirectory(QStringLiteral(STUDIO_ROOT));
  lupdate.start(QStringLiteral(STUDIO_LUPDATE),
                QStringList{QStringLiteral("-silent"), QStringLiteral("-no-obsolete"), QStringLiteral("-locations"),
                            QStringLiteral("none"), QStringLiteral("-I"), QStringLiteral(".")} +
                    flags + QStringList{QStringLiteral("ui"), QStringLiteral("settings"), QStringLiteral("-ts"), copy});
  return lupdate.waitForFinished(120000) && lupdate.exitCode() == 0 ? copy : QString();
}

}  // namespace

class TranslationsTest : public QObject {
  Q_OBJECT

 private:
  static void checkComplete(const QString& name, const QStringList& flags) {
    const QTemporaryDir dir;
    const QString copy = updatedCopy(dir, name, flags);
    QVERIFY(!copy.isEmpty());
    const QList<Message> messages = messagesIn(copy);
    QVERIFY(!messages.isEmpty());
    QStringList unfinished;
    for (const Message& message : messages) {
      if (message.unfinished || message.translation.isEmpty()) unfinished.append(message.source);
    }
    QVERIFY2(unfinished.isEmpty(), qPrintable(unfinished.join(u'\n')));
  }

 private Q_SLOTS:
  void everyStringIsInJapanese() { checkComplete(QStringLiteral("kilnstudio_ja.ts"), {}); }

  void everyPluralIsInEnglish() { checkComplete(QStringLiteral("kilnstudio_en.ts"), {QStringLiteral("-pluralonly")}); }

  void placeholdersAreTheSameInBothLanguages() {
    const QList<Message> messages = messagesIn(QStringLiteral(STUDIO_ROOT "/resources/translations/kilnstudio_ja.ts"));
    QVERIFY(messages.size() > 100);
    for (const Message& message : messages) {
      for (const QString& mark : {QStringLiteral("%1"), QStringLiteral("%2"), QStringLiteral("%3"),
                                  QStringLiteral("%4"), QStringLiteral("%5"), QStringLiteral("%n")}) {
        QVERIFY2(message.source.contains(mark) == message.translation.contains(mark), qPrintable(message.source));
      }
    }
  }

  void choosingALanguageChangesTextsAndNumbers() {
    const QTemporaryDir dir;
    settings::AppSettings settings(dir.filePath(QStringLiteral("s.json")));
    settings.language.set(QStringLiteral("en"));
    Language language(*QCoreApplication::instance(), settings);
    QSignalSpy spy(&language, &Language::changed);
    QCOMPARE(QCoreApplication::translate("FieldNames", "Seed"), QStringLiteral("Seed"));
    settings.language.set(QStringLiteral("ja"));
    QCOMPARE(spy.count(), 1);
    QCOMPARE(language.code(), QStringLiteral("ja"));
    QCOMPARE(QCoreApplication::translate("FieldNames", "Seed"), QStringLiteral("シード値"));
    QCOMPARE(QLocale().language(), QLocale::Japanese);
  }
};

}  // namespace studio::ui

QTEST_GUILESS_MAIN(studio::ui::TranslationsTest)
#include "translations_test.moc"
