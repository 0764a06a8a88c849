#pragma once

#include "engine/api/unfinished_jobs.h"
#include "ui/widgets/panel_frame.h"

class QLabel;
class QPushButton;

namespace studio::ui {

class GenerationSession;
class UnfinishedList;

/// Offers to go on with what an earlier studio left unfinished: first all that may simply go on, then, one at a time,
/// jobs that were set aside because the studio ended in the middle of them again and again.
class UnfinishedCard : public PanelFrame {
  Q_OBJECT

 public:
  UnfinishedCard(UnfinishedList& list, GenerationSession& session, QWidget* parent = nullptr);

 private:
  void buildLayout();
  void connectSignals();
  void update();
  /// What the buttons are about.
  std::vector<engine::UnfinishedJob> offered() const;
  void goOn();
  void discard();

  UnfinishedList& list_;
  GenerationSession& session_;
  QLabel* text_ = nullptr;
  QPushButton* goOn_ = nullptr;
  QPushButton* discard_ = nullptr;
  QPushButton* later_ = nullptr;
};

}  // namespace studio::ui
