#pragma once

#include <QString>

#include <optional>

namespace studio::ui {

/// Part of a text that is marked; `start == end` is a bare cursor. UTF-16 units.
struct TextRange {
  int start = 0;
  int end = 0;
  bool operator==(const TextRange&) const = default;
};

/// One replacement in a text and what is marked afterwards.
struct TextEdit {
  TextRange replaced;
  QString replacement;
  TextRange selection;
};

inline constexpr double kWeightStep = 0.1;
inline constexpr double kLoraWeightStep = 0.05;

/// What Ctrl+Up (`steps` = 1) and Ctrl+Down (-1) do to a prompt, by A1111's rules: the weight changes of the marked
/// text, else of the bracket or LoRA tag around the cursor, else of the word under it. Weight 1 takes the
/// brackets away; "((x))" and "[x]" become numbers. Nothing when there is nothing to weigh.
std::optional<TextEdit> changeWeight(const QString& text, TextRange selection, int steps);

/// "1.1", "0.85", "2.0": at least one decimal, at most four.
QString weightText(double weight);

}  // namespace studio::ui
