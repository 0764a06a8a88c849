#pragma once

#include "engine/api/inspector.h"

#include <QObject>
#include <QString>

#include <filesystem>
#include <set>
#include <vector>

class QMimeData;

namespace studio::ui {

class Workspace;

/// Files given to the window: a picture gives its settings, a LoRA joins the draft, a model becomes the model.
class DropHandler : public QObject {
  Q_OBJECT

 public:
  explicit DropHandler(Workspace& workspace, QObject* parent = nullptr);

  /// What dropping this would do, in a few words; empty when there is no file in it.
  static QString hintFor(const QMimeData& data);

  void take(const QMimeData& data);
  void takeFiles(const std::vector<std::filesystem::path>& files);

 Q_SIGNALS:
  /// A sentence about what was done or why not; `undoable` when one step of the draft's undo takes it back.
  void done(const QString& message, bool undoable);
  void pictureTaken(const std::filesystem::path& picture);

 private:
  void connectSignals();
  void takeAdded(const engine::FileInfo& info);
  void addLora(const engine::LoraInfo& lora);
  void useModel(const engine::ModelInfo& model);

  Workspace& workspace_;
  std::set<std::filesystem::path> expected_;  ///< files the library is looking at for us
};

}  // namespace studio::ui
