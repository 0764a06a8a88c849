#pragma once

#include "ui/widgets/panel_frame.h"

class QLabel;
class QListView;

namespace studio::ui {

class GalleryModel;

/// The finished pictures of this run in one row. The newest is followed until the person chooses another one.
class GalleryStrip : public PanelFrame {
  Q_OBJECT

 public:
  explicit GalleryStrip(GalleryModel& model, QWidget* parent = nullptr);

  int currentRow() const;
  void selectNewest();

 Q_SIGNALS:
  /// A picture became the current one: by key, or because it is the newest and the newest was shown.
  void pictureChosen(int row);
  void pictureClicked(int row);
  void useSettingsWanted(int row);
  void useSeedWanted(int row);
  void showInFolderWanted(int row);
  void copyWanted(int row);

 private:
  void buildLayout();
  void connectSignals();
  void updateCount();
  void takeNewPicture(bool wasFollowing);
  void openMenu(const QPoint& point);

  GalleryModel& model_;
  QListView* list_ = nullptr;
  QLabel* empty_ = nullptr;
  bool followsNewest_ = true;
};

}  // namespace studio::ui
