#pragma once

#include "ui/gallery/gallery_model.h"
#include "ui/widgets/panel_frame.h"

class QLabel;
class QPushButton;

namespace studio::ui {

/// What is known about the picture on the canvas, and what can be done with it. Hidden while there is none.
class PictureCard : public PanelFrame {
  Q_OBJECT

 public:
  explicit PictureCard(QWidget* parent = nullptr);

  void showPicture(const FinishedPicture& picture);

 Q_SIGNALS:
  void useSettingsWanted();
  void useSeedWanted();
  void showInFolderWanted();

 private:
  void buildLayout();
  void connectSignals();

  QLabel* prompt_ = nullptr;
  QLabel* facts_ = nullptr;
  QLabel* file_ = nullptr;
  QPushButton* useSettings_ = nullptr;
  QPushButton* useSeed_ = nullptr;
  QPushButton* showInFolder_ = nullptr;
};

}  // namespace studio::ui
