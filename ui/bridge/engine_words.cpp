#include "ui/bridge/engine_words.h"

#include "ui/bridge/text.h"

#include <QCoreApplication>

namespace studio::ui {

QString inWords(const engine::Sentence& sentence) {
  const QString translated = QCoreApplication::translate("Engine", sentence.pattern.c_str());
  return toQString(engine::Sentence{toUtf8(translated), sentence.values}.text());
}

QString inWords(const engine::EngineError& error) { return inWords(error.wording); }

QString inWords(const engine::Notice& notice) { return inWords(notice.wording); }

}  // namespace studio::ui
