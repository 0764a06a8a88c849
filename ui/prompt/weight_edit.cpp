#include "ui/prompt/weight_edit.h"

#include "ui/prompt/prompt_syntax.h"

#include <algorithm>
#include <cmath>

namespace studio::ui {
namespace {

/// What one pair of brackets without a number means.
constexpr double kBracketFactor = 1.1;

/// Where words end: A1111's list, other brackets, and the Japanese marks that do the same.
bool isDelimiter(QChar character) {
  static const QString kMarks =
      QStringLiteral(".,\\/!?%^*;:{}=`~()[]<>|、。，．！？；：・「」『』（）［］｛｝【】＜＞｜");
  return character.isSpace() || kMarks.contains(character);
}

double stepped(double weight, double step) { return std::round((weight + step) * 1e4) / 1e4; }

/// Moves a range that lies in the kept text by `offset`, into [first, last].
TextRange moved(TextRange range, int offset, int first, int last) {
  return {std::clamp(range.start + offset, first, last), std::clamp(range.end + offset, first, last)};
}

TextEdit writeWeight(const QString& text, TextRange outer, TextRange content, double weight, TextRange selection) {
  const QString inner = text.mid(content.start, content.end - content.start);
  const int size = static_cast<int>(inner.size());
  if (weight == 1.0) {
    return {outer, inner, moved(selection, outer.start - content.start, outer.start, outer.start + size)};
  }
  const int first = outer.start + 1;
  return {outer, u'(' + inner + u':' + weightText(weight) + u')',
          moved(selection, first - content.start, first, first + size)};
}

std::optional<TextEdit> changeLora(const LoraTag& tag, const QString& text, TextRange selection, int steps) {
  const QString weight = weightText(stepped(tag.weight.value_or(1.0), steps * kLoraWeightStep));
  int from = tag.weightEnd;
  if (tag.weight) {
    from = static_cast<int>(text.lastIndexOf(u':', tag.weightEnd - 1)) + 1;
  } else if (text.mid(tag.start, tag.weightEnd - tag.start).count(u':') > 1) {
    return std::nullopt;  // "<lora:x:abc>": not a number, better left alone
  }
  const QString written = tag.weight ? weight : u':' + weight;
  const int shift = static_cast<int>(written.size()) - (tag.weightEnd - from);
  const auto keep = [&](int position) {
    return position > from ? std::max(from, position + std::min(shift, 0)) : position;
  };
  TextRange after = selection;
  if (selection.start == selection.end) after = {keep(selection.start), keep(selection.start)};
  if (selection == TextRange{tag.start, tag.end}) after.end += shift;
  return TextEdit{{from, tag.weightEnd}, written, after};
}

/// "(((x)))" counts as one: the outermost of the pairs that hug each other without a number.
BracketPair outermost(const PromptSyntax& syntax, BracketPair pair, int& depth) {
  depth = 1;
  for (const BracketPair& next : syntax.pairs) {
    if (next.open != pair.open - 1 || next.close != pair.close + 1 || next.round != pair.round || next.weight) continue;
    pair = next;
    ++depth;
  }
  return pair;
}

std::optional<TextEdit> changePair(const PromptSyntax& syntax, const BracketPair& pair, const QString& text,
                                   TextRange selection, int steps) {
  const TextRange content{pair.contentStart(), pair.contentEnd};
  if (pair.weight) {
    const double weight = stepped(*pair.weight, steps * kWeightStep);
    return writeWeight(text, {pair.open, pair.close + 1}, content, weight, selection);
  }
  const QStringView inner = QStringView(text).mid(content.start, content.end - content.start);
  if (inner.trimmed().isEmpty() || (!pair.round && inner.contains(u':'))) return std::nullopt;
  int depth = 1;
  const BracketPair outer = outermost(syntax, pair, depth);
  const double factor = std::pow(pair.round ? kBracketFactor : 1 / kBracketFactor, depth);
  const double weight = stepped(std::round(factor / kWeightStep) * kWeightStep, steps * kWeightStep);
  return writeWeight(text, {outer.open, outer.close + 1}, content, weight, selection);
}

/// Whether a bracket or a tag would be torn apart when brackets are put around the range.
bool tears(const PromptSyntax& syntax, TextRange range) {
  const auto inside = [&](int position) { return position >= range.start && position < range.end; };
  const auto cut = [&](const BracketPair& pair) { return inside(pair.open) != inside(pair.close); };
  const auto broken = [&](int position) { return inside(position); };
  const auto touched = [&](const LoraTag& tag) { return tag.start < range.end && tag.end > range.start; };
  const auto isBreak = [&](int position) { return position < range.end && position + kBreakLength > range.start; };
  return std::any_of(syntax.pairs.begin(), syntax.pairs.end(), cut) ||
         std::any_of(syntax.unbalanced.begin(), syntax.unbalanced.end(), broken) ||
         std::any_of(syntax.loras.begin(), syntax.loras.end(), touched) ||
         std::any_of(syntax.breaks.begin(), syntax.breaks.end(), isBreak);
}

std::optional<TextEdit> wrap(const PromptSyntax& syntax, TextRange range, const QString& text, TextRange selection,
                             int steps) {
  while (range.end > range.start && text[range.end - 1].isSpace()) --range.end;
  while (range.start < range.end && text[range.start].isSpace()) ++range.start;
  if (range.start == range.end || tears(syntax, range)) return std::nullopt;
  const bool bare = selection.start == selection.end;
  return writeWeight(text, range, range, stepped(1.0, steps * kWeightStep), bare ? selection : range);
}

TextRange wordAt(const QString& text, int position) {
  TextRange word{position, position};
  while (word.start > 0 && !isDelimiter(text[word.start - 1])) --word.start;
  while (word.end < text.size() && !isDelimiter(text[word.end])) ++word.end;
  return word;
}

std::optional<TextEdit> changeSelection(const PromptSyntax& syntax, const QString& text, TextRange selection,
                                        int steps) {
  for (const LoraTag& tag : syntax.loras) {
    if (selection.start >= tag.start && selection.end <= tag.end) return changeLora(tag, text, selection, steps);
  }
  for (const BracketPair& pair : syntax.pairs) {
    const bool content = selection == TextRange{pair.contentStart(), pair.contentEnd};
    if (content || selection == TextRange{pair.open, pair.close + 1}) {
      return changePair(syntax, pair, text, {pair.contentStart(), pair.contentEnd}, steps);
    }
  }
  return wrap(syntax, selection, text, selection, steps);
}

}  // namespace

QString weightText(double weight) {
  QString text = QString::number(weight, 'f', 4);
  while (text.endsWith(u'0') && text[text.size() - 2] != u'.') text.chop(1);
  return text;
}

std::optional<TextEdit> changeWeight(const QString& text, TextRange selection, int steps) {
  const int size = static_cast<int>(text.size());
  selection = {std::clamp(selection.start, 0, size), std::clamp(selection.end, 0, size)};
  if (selection.start > selection.end) std::swap(selection.start, selection.end);
  const PromptSyntax syntax = readPromptSyntax(text);
  if (selection.start != selection.end) return changeSelection(syntax, text, selection, steps);
  for (const LoraTag& tag : syntax.loras) {
    if (tag.contains(selection.start)) return changeLora(tag, text, selection, steps);
  }
  for (const BracketPair& pair : syntax.pairs) {  // inner ones come first
    if (pair.contains(selection.start)) return changePair(syntax, pair, text, selection, steps);
  }
  return wrap(syntax, wordAt(text, selection.start), text, selection, steps);
}

}  // namespace studio::ui
