#pragma once

#include "ui/widgets/panel_frame.h"

class QLabel;

namespace studio::ui {

class GenerationSession;

/// Asks before memory is saved in a way that changes the picture; the job waits meanwhile.
class ConsentCard : public PanelFrame {
  Q_OBJECT

 public:
  explicit ConsentCard(GenerationSession& session, QWidget* parent = nullptr);

 private:
  void buildLayout();
  void update();

  GenerationSession& session_;
  QLabel* text_ = nullptr;
};

}  // namespace studio::ui
