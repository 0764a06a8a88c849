#pragma once

#include "engine/api/prompt_linter.h"
#include "ui/prompt/weight_edit.h"

#include <QWidget>

#include <vector>

class QLabel;
class QVBoxLayout;

namespace studio::ui {

/// A note and where it stands in the editor, in UTF-16 units.
struct PlacedNote {
  engine::PromptNote note;
  TextRange range;
};

/// The notes on a prompt below its editor: a line each with its button, at most kShownNotes; hidden without any.
/// Lines are only made anew when what they say changes, so that a button keeps the focus.
class PromptNotes : public QWidget {
  Q_OBJECT

 public:
  explicit PromptNotes(QWidget* parent = nullptr);

  static constexpr std::size_t kShownNotes = 3;

  void setNotes(std::vector<PlacedNote> notes);
  const std::vector<PlacedNote>& notes() const { return notes_; }

 Q_SIGNALS:
  /// The note's place is wanted, its fix is wanted, or a hint is not wanted again.
  void chosen(const studio::ui::PlacedNote& note);
  void fixWanted(const studio::ui::PlacedNote& note);
  void dismissed(const QString& subject);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  QWidget* makeRow(std::size_t index);
  void rebuild();

  std::vector<PlacedNote> notes_;
  QVBoxLayout* rows_ = nullptr;
};

}  // namespace studio::ui
