#pragma once

#include "ui/troubleshooter/error_advice.h"
#include "ui/widgets/panel_frame.h"

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace studio::ui {

class GenerationSession;
class RequestDraft;

/// The last failure: what happened, what it means, what to do, with remedies to press. A panel, never a box in the way;
/// hidden while all is well, and when MemoryPanel has more to say.
class ErrorPanel : public PanelFrame {
  Q_OBJECT

 public:
  ErrorPanel(GenerationSession& session, RequestDraft& draft, QWidget* parent = nullptr);

 Q_SIGNALS:
  void chooseOutputFolderWanted();
  void chooseModelWanted();
  void copyReportWanted();

 private:
  void buildLayout();
  void connectSignals();
  void update();
  void showError(const engine::EngineError& error);
  void rebuildRemedies(const ErrorAdvice& advice);
  void carryOut(Remedy remedy);

  GenerationSession& session_;
  RequestDraft& draft_;
  QLabel* title_ = nullptr;
  QLabel* happened_ = nullptr;
  QLabel* meaning_ = nullptr;
  QLabel* todo_ = nullptr;
  QHBoxLayout* remedies_ = nullptr;
  QPushButton* report_ = nullptr;
  QPushButton* close_ = nullptr;
};

}  // namespace studio::ui
