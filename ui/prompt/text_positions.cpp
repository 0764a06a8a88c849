#include "ui/prompt/text_positions.h"

#include <QStringList>

namespace studio::ui {
namespace {

std::size_t utf8Size(char32_t character) {
  return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
}

}  // namespace

std::vector<int> utf16Positions(const QString& text, const std::vector<std::size_t>& byteOffsets) {
  std::vector<int> positions;
  std::size_t bytes = 0;
  int at = 0;
  const int size = static_cast<int>(text.size());
  for (const std::size_t offset : byteOffsets) {
    while (at < size) {
      const bool pair = text[at].isHighSurrogate() && at + 1 < size && text[at + 1].isLowSurrogate();
      const char32_t character = pair ? QChar::surrogateToUcs4(text[at], text[at + 1]) : text[at].unicode();
      if (bytes + utf8Size(character) > offset) break;
      bytes += utf8Size(character);
      at += pair ? 2 : 1;
    }
    positions.push_back(at);
  }
  return positions;
}

QString listItemAt(const QString& text, int position, const QString& word) {
  const QString before = text.left(position).trimmed();
  const QString after = text.mid(position).trimmed();
  QString item = word;
  if (!before.isEmpty()) {
    const bool comma = before.endsWith(u',');
    const bool space = text[position - 1].isSpace();
    item.prepend(comma ? (space ? u"" : u" ") : u", ");
  }
  if (!after.isEmpty() && !after.startsWith(u',')) item += u", ";
  return item;
}

bool hasListItem(const QString& text, const QString& word) {
  for (const QString& item : text.split(u',')) {
    if (item.trimmed().compare(word.trimmed(), Qt::CaseInsensitive) == 0) return true;
  }
  return false;
}

}  // namespace studio::ui
