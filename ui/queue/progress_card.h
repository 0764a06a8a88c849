#pragma once

#include "ui/widgets/panel_frame.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace studio::ui {

class GenerationSession;

/// What is going on, in one line and one bar: phase, step n of m, speed, time left, jobs in line; Pause and Stop.
class ProgressCard : public QFrame {
  Q_OBJECT

 public:
  explicit ProgressCard(GenerationSession& session, QWidget* parent = nullptr);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void buildLayout();
  void connectSignals();
  void update();
  void showIdle();
  void showRunning();
  void keepFocus(const QPushButton* button, bool stays);
  void updateStop();
  void updateWaiting();

  GenerationSession& session_;
  QLabel* what_ = nullptr;
  QLabel* step_ = nullptr;
  QLabel* speed_ = nullptr;
  QLabel* left_ = nullptr;
  QProgressBar* bar_ = nullptr;
  QPushButton* pause_ = nullptr;
  QPushButton* stop_ = nullptr;
  QPushButton* dropWaiting_ = nullptr;
  QString lastOutcome_;
};

}  // namespace studio::ui
