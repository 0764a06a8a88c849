#pragma once

#include "ui/gallery/gallery_model.h"

#include <QMainWindow>

#include <optional>

class QSplitter;

namespace studio::ui {

class CanvasView;
class ChangesLine;
class CommandSet;
class DropHandler;
class ErrorPanel;
class GalleryStrip;
class GenerateCard;
class LoraPanel;
class MemoryPanel;
class ModelChooser;
class ParametersPanel;
class PictureCard;
class PromptPanel;
class Workspace;

/// The one window: parameters on the left, the picture in the middle, LoRAs on the right. Places the panels and
/// carries out commands; what may be done is the session's to say.
class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  explicit MainWindow(Workspace& workspace);

  /// Closes without asking about running jobs: another window takes over.
  void giveWay();

 protected:
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragLeaveEvent(QDragLeaveEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void buildLayout();
  QWidget* buildLeftColumn();
  QWidget* buildMiddleColumn();
  QWidget* buildRightColumn();
  void connectSignals();
  void connectSession();
  void connectPictures();
  void connectPanels();
  void connectCommands();
  void connectViewCommands();
  void connectFolderCommands();
  void restoreState();
  void saveWindowState();
  QString closeQuestion() const;
  bool mayClose();

  void updateCommands();
  void showPicture(int row);
  void takePreviews(const std::vector<engine::Image>& previews);
  void showPreviews();
  void followLive(bool follows);
  /// `words` has gaps for the step and for how many there are.
  void noteEndOfPreview(const QString& words);
  void showDroppedPicture(const std::filesystem::path& picture);
  void takePixels(const std::filesystem::path& file, const engine::Image& image);
  void useSettings();
  void useSeed();
  void showInFolder();
  void copyPicture();
  void putInClipboard(const QImage& picture);
  void copyDiagnostics();
  void chooseOutputFolder();
  void openPicture();
  void addFolder(bool forLoras);
  void showAbout();
  void focusField(const QString& field);
  void say(const QString& message);
  void sayUndoable(const QString& message);

  Workspace& workspace_;
  CommandSet* commands_ = nullptr;
  DropHandler* drops_ = nullptr;
  QSplitter* columns_ = nullptr;
  QWidget* left_ = nullptr;
  QWidget* right_ = nullptr;
  PromptPanel* prompt_ = nullptr;
  ModelChooser* model_ = nullptr;
  ParametersPanel* parameters_ = nullptr;
  LoraPanel* loras_ = nullptr;
  GenerateCard* generate_ = nullptr;
  CanvasView* canvas_ = nullptr;
  ErrorPanel* error_ = nullptr;
  MemoryPanel* memory_ = nullptr;
  ChangesLine* changes_ = nullptr;
  GalleryStrip* gallery_ = nullptr;
  PictureCard* picture_ = nullptr;
  std::optional<FinishedPicture> shown_;
  std::filesystem::path awaited_;        ///< whose pixels should be shown when they are read
  std::filesystem::path toCopy_;         ///< whose pixels go into the clipboard when they are read
  std::vector<engine::Image> previews_;  ///< newest of the running job
  int previewStep_ = 0;
  int previewSteps_ = 0;
  bool followsLive_ = true;  ///< previews are shown; false while the person looks at another picture
  bool closesUnasked_ = false;
};

}  // namespace studio::ui
