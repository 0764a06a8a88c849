#pragma once

#include <QAction>
#include <QHash>
#include <QObject>

namespace studio::ui {

/// Everything a person can tell the window, once. Menus, buttons and keys all use these actions.
enum class Command {
  OpenPicture,
  OpenOutputFolder,
  ChooseOutputFolder,
  Quit,
  Undo,
  Redo,
  CopyPicture,
  ZoomFit,
  ZoomActual,
  ZoomDouble,
  ZoomIn,
  ZoomOut,
  ShowParameters,
  ShowLoras,
  ShowGallery,
  Generate,
  GenerateFirst,
  Pause,
  Stop,
  DropWaiting,
  FocusPrompt,
  UseSettings,
  UseSeed,
  AddModelFolder,
  AddLoraFolder,
  Rescan,
  CopyDiagnostics,
  WhatsThis,
  About,
};

/// Owns the actions; `window` gets them, so that their keys work everywhere in it.
class CommandSet : public QObject {
  Q_OBJECT

 public:
  explicit CommandSet(QWidget* window);

  QAction* operator[](Command command) const { return actions_.value(static_cast<int>(command)); }

 private:
  QHash<int, QAction*> actions_;
};

}  // namespace studio::ui
