#include "ui/bridge/engine_words.h"

#include "ui/bridge/text.h"

#include <QCoreApplication>

namespace studio::ui {

namespace {

std::string translated(const std::string& text) { return toUtf8(QCoreApplication::translate("Engine", text.c_str())); }

}  // namespace

QString inWords(const engine::Sentence& sentence) {
  engine::Sentence result{translated(sentence.pattern), sentence.values};
  for (std::string& value : result.values) value = translated(value);  // "text encoder"; names stay as they are
  return toQString(result.text());
}

QString inWords(const engine::EngineError& error) { return inWords(error.wording); }

QString inWords(const engine::Notice& notice) { return inWords(notice.wording); }

}  // namespace studio::ui
