#pragma once

#include "engine/api/generation_request.h"

#include <QObject>
#include <QUndoStack>

#include <functional>
#include <optional>

namespace studio::ui {

/// The request the panels are editing, with undo. Lives on the GUI thread.
/// Panels write through edit() and redraw themselves on changed(); they hold no copy of a value.
class RequestDraft : public QObject {
  Q_OBJECT

 public:
  explicit RequestDraft(engine::GenerationRequest initial = {}, QObject* parent = nullptr);

  const engine::GenerationRequest& request() const { return request_; }

  /// Runs `change` on a copy; if the copy differs it becomes the request, one undo step named `what`.
  /// Edits of the same single field within a moment (a dragged slider, typing) become one step, in long typing a
  /// step every few seconds.
  void edit(const std::function<void(engine::GenerationRequest&)>& change, const QString& what = {});

  /// Takes over the fields named in the patch, as one undo step.
  void apply(const engine::RequestPatch& patch, const QString& what);

  /// The next edit is a step of its own, however soon it comes.
  void closeStep() { stepClosed_ = true; }
  /// Whether the newest edit() or apply() changed anything, so that one undo takes it back.
  bool lastEditChanged() const { return lastEditChanged_; }

  /// Replaces everything and forgets the undo steps: for the start of the program.
  void reset(engine::GenerationRequest request);

  QUndoStack& undoStack() { return undoStack_; }

  /// Seed of the newest finished picture, for "reuse last"; nothing until one is finished.
  std::optional<engine::Seed> lastSeed() const { return lastSeed_; }
  void setLastSeed(engine::Seed seed);

 Q_SIGNALS:
  void changed();
  void lastSeedChanged();

 private:
  class EditCommand;
  void replace(const engine::GenerationRequest& request);

  engine::GenerationRequest request_;
  std::optional<engine::Seed> lastSeed_;
  bool stepClosed_ = false;
  bool lastEditChanged_ = false;
  QUndoStack undoStack_;
};

}  // namespace studio::ui
