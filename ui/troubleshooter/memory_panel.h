#pragma once

#include "engine/api/memory_report.h"
#include "ui/widgets/panel_frame.h"

class QLabel;
class QPushButton;
class QRadioButton;

namespace studio::settings {
class AppSettings;
}

namespace studio::ui {

class GenerationSession;
class MemoryFixList;
class MemoryMap;
class RequestDraft;

/// What happened when a job ran out of memory: in which phase, who held what, predicted against measured, what was
/// tried, and fixes to apply, after which the job goes on or begins again. Also explains changes that a job made by
/// itself, then without fixes. A panel, never a box in the way: the line goes on meanwhile.
class MemoryPanel : public PanelFrame {
  Q_OBJECT

 public:
  MemoryPanel(GenerationSession& session, RequestDraft& draft, settings::AppSettings& settings,
              QWidget* parent = nullptr);

  /// Shows why the job that runs or ran last was changed.
  void explain();

 Q_SIGNALS:
  void copyReportWanted();
  /// A fix is in use; `undoable`: one undo of the draft takes it back.
  void applied(const QString& message, bool undoable);

 private:
  void buildLayout();
  QWidget* buildScope();
  QWidget* buildButtons();
  void connectSignals();
  void update();
  void showReport(const engine::MemoryReport& report, const QString& title);
  void showChoice();
  void dismiss();
  /// Takes the chosen fix over and gives the options it needs for this job.
  engine::OptionsPatch takeOver();
  void applyAndResume();
  void applyAndStartAgain();
  void keepPartial();

  GenerationSession& session_;
  RequestDraft& draft_;
  settings::AppSettings& settings_;
  bool explains_ = false;
  QLabel* title_ = nullptr;
  QLabel* happened_ = nullptr;
  QLabel* numbers_ = nullptr;
  QLabel* tried_ = nullptr;
  MemoryMap* map_ = nullptr;
  MemoryFixList* fixes_ = nullptr;
  QLabel* effect_ = nullptr;
  QLabel* notEnough_ = nullptr;
  QWidget* scope_ = nullptr;
  QRadioButton* once_ = nullptr;
  QRadioButton* model_ = nullptr;
  QRadioButton* always_ = nullptr;
  QPushButton* resume_ = nullptr;
  QPushButton* again_ = nullptr;
  QPushButton* partial_ = nullptr;
  QPushButton* report_ = nullptr;
  QPushButton* close_ = nullptr;
};

}  // namespace studio::ui
