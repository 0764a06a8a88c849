#pragma once

#include <QString>

#include <cstddef>
#include <vector>

namespace studio::ui {

/// Turns ascending byte offsets in the UTF-8 of `text` into UTF-16 positions in `text`.
/// An offset inside a character becomes the character's start; one behind the end, the end.
std::vector<int> utf16Positions(const QString& text, const std::vector<std::size_t>& byteOffsets);

/// What has to be put in at `position` so that `word` stands there as an item of a comma list.
QString listItemAt(const QString& text, int position, const QString& word);

/// Whether `word` is already one of the comma-separated items of the text, ignoring case.
bool hasListItem(const QString& text, const QString& word);

}  // namespace studio::ui
