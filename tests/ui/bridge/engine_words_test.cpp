#include "ui/bridge/engine_words.h"
#include "settings/app_settings.h"
#include "ui/style/language.h"

#include <QCoreApplication>
#include <QTemporaryDir>
#include <QTest>

namespace studio::ui {

class EngineWordsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void sayTheEnginesSentencesInTheWindowsLanguage() {
    const QTemporaryDir dir;
    settings::AppSettings settings(dir.filePath(QStringLiteral("s.json")));
    settings.language.set(QStringLiteral("en"));
    const Language language(*QCoreApplication::instance(), settings);
    const engine::EngineError missing =
        engine::makeError(engine::ErrorKind::MissingFile, engine::sentence("There is no such file: %1.", "%2 桜.png"));
    QCOMPARE(inWords(missing), QStringLiteral("There is no such file: %2 桜.png."));
    settings.language.set(QStringLiteral("ja"));
    QCOMPARE(inWords(missing), QStringLiteral("ファイルがありません：%2 桜.png"));
    const auto incomplete = engine::sentence("The file's %1 is incomplete: a tensor is missing.", "text encoder");
    QCOMPARE(inWords(incomplete),
             QStringLiteral("ファイルのテキストエンコーダーが不完全です。足りないテンソルがあります。"));
  }

  void leaveWhatTheyDoNotKnowAsItIs() {
    QCOMPARE(inWords(engine::EngineError{engine::ErrorKind::Internal, "Nobody listed this.", ""}),
             QStringLiteral("Nobody listed this."));
  }
};

}  // namespace studio::ui

QTEST_GUILESS_MAIN(studio::ui::EngineWordsTest)
#include "engine_words_test.moc"
