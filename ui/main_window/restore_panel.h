#pragma once

#include "ui/bridge/picture_restorer.h"
#include "ui/widgets/panel_frame.h"

class QLabel;
class QListWidget;
class QProgressBar;
class QPushButton;
class QTextBrowser;

namespace studio::ui {

class RequestDraft;

/// What taking over a picture's settings could not do: files that are not here, or are still looked for, settings that
/// are not carried out, and how its prompts were rewritten, word by word. Hidden when everything was taken over as it
/// was.
class RestorePanel : public PanelFrame {
  Q_OBJECT

 public:
  RestorePanel(PictureRestorer& restorer, RequestDraft& draft, QWidget* parent = nullptr);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void buildLayout();
  void connectSignals();
  void showReport(const RestoreReport& report);
  void fillList();
  void fillChanges();
  void useOriginals();
  QWidget* buildSearch();
  void showSearch(qint64 readBytes, qint64 ofBytes);
  void dismiss();

  PictureRestorer& restorer_;
  RequestDraft& draft_;
  RestoreReport report_;
  QListWidget* list_ = nullptr;
  QWidget* search_ = nullptr;
  QLabel* searchText_ = nullptr;
  QProgressBar* searchBar_ = nullptr;
  QPushButton* stop_ = nullptr;
  QTextBrowser* changes_ = nullptr;
  QPushButton* originals_ = nullptr;
  QPushButton* close_ = nullptr;
};

}  // namespace studio::ui
