#include "ui/bridge/request_draft.h"

#include "engine/api/image_io.h"
#include "engine/api/request_fields.h"

#include <QUndoCommand>

#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

namespace studio::ui {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kMergeWindow{1200};
constexpr std::chrono::seconds kLongestStep{6};  ///< who types without a pause still wants steps
constexpr int kMergeId = 1;

}  // namespace

/// One undo step: the whole request before and after. Requests are small and shared by nobody.
class RequestDraft::EditCommand : public QUndoCommand {
 public:
  EditCommand(RequestDraft& draft, engine::GenerationRequest after, const QString& what, bool mayMerge)
      : QUndoCommand(what),
        draft_(draft),
        before_(draft.request()),
        after_(std::move(after)),
        fields_(engine::differingFields(before_, after_)),
        mayMerge_(mayMerge),
        began_(Clock::now()),
        when_(began_) {}

  void undo() override { draft_.replace(before_); }
  void redo() override { draft_.replace(after_); }
  int id() const override { return fields_.size() == 1 ? kMergeId : -1; }

  bool mergeWith(const QUndoCommand* command) override {
    const auto& next = static_cast<const EditCommand&>(*command);
    if (!next.mayMerge_ || next.fields_ != fields_) return false;
    if (next.when_ - when_ > kMergeWindow || next.when_ - began_ > kLongestStep) return false;
    after_ = next.after_;
    when_ = next.when_;
    setObsolete(before_ == after_);
    return true;
  }

 private:
  RequestDraft& draft_;
  engine::GenerationRequest before_;
  engine::GenerationRequest after_;
  std::vector<std::string_view> fields_;
  bool mayMerge_;
  Clock::time_point began_;
  Clock::time_point when_;
};

RequestDraft::RequestDraft(engine::GenerationRequest initial, QObject* parent)
    : QObject(parent), request_(std::move(initial)) {
  constexpr int kUndoSteps = 200;
  undoStack_.setUndoLimit(kUndoSteps);
}

void RequestDraft::edit(const std::function<void(engine::GenerationRequest&)>& change, const QString& what) {
  engine::GenerationRequest after = request_;
  change(after);
  lastEditChanged_ = after != request_;
  if (!lastEditChanged_) return;
  const bool mayMerge = !std::exchange(stepClosed_, false);
  undoStack_.push(new EditCommand(*this, std::move(after), what, mayMerge));
}

void RequestDraft::apply(const engine::RequestPatch& patch, const QString& what) {
  closeStep();
  edit([&patch](engine::GenerationRequest& request) { engine::applyPatch(patch, request); }, what);
}

void RequestDraft::reset(engine::GenerationRequest request) {
  undoStack_.clear();
  replace(request);
}

void RequestDraft::setLastSeed(engine::Seed seed) {
  if (lastSeed_ == seed) return;
  lastSeed_ = seed;
  Q_EMIT lastSeedChanged();
}

void RequestDraft::replace(const engine::GenerationRequest& request) {
  if (request_ == request) return;
  request_ = request;
  Q_EMIT changed();
}

}  // namespace studio::ui
