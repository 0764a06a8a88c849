#pragma once

#include <QString>
#include <QStringView>

#include <optional>
#include <vector>

namespace studio::ui {

/// A matched pair "( … )" or "[ … ]". Positions are UTF-16 units from the start of the text.
struct BracketPair {
  int open = 0;
  int close = 0;
  int contentEnd = 0;  ///< where the weighted text ends: the ':' of "(text:1.2)", else `close`
  bool round = true;   ///< "(", else "["
  std::optional<double> weight;
  int when = -1;  ///< where the ':' before the step of "[a:b:0.5]" stands; negative without one

  int contentStart() const { return open + 1; }
  bool contains(int position) const { return position > open && position <= close; }
};

/// "<lora:name:0.8>"; the weight may be missing.
struct LoraTag {
  int start = 0;
  int end = 0;        ///< one past '>'
  int weightEnd = 0;  ///< where the weight ends or would be written
  QString name;
  std::optional<double> weight;

  bool contains(int position) const { return position > start && position < end; }
};

/// What a prompt is made of, in A1111's way of writing. Brackets may span lines; "\(" is a plain bracket.
struct PromptSyntax {
  std::vector<BracketPair> pairs;  ///< in order of their closing bracket, so inner ones come first
  std::vector<LoraTag> loras;
  std::vector<int> breaks;      ///< where a BREAK word starts
  std::vector<int> joins;       ///< where an AND word starts
  std::vector<int> unbalanced;  ///< brackets without a partner
};

inline constexpr int kBreakLength = 5;
inline constexpr int kJoinLength = 3;

/// Reads a prompt once, from left to right; never fails. Linear in the length of the text.
PromptSyntax readPromptSyntax(QStringView text);

}  // namespace studio::ui
