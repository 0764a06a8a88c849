#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QToolButton;

namespace studio::ui {

class GenerationSession;

/// Says that the job that runs or ran last was changed so that it fits into memory; unfolds to what was done. Hidden
/// when nothing was.
class ChangesLine : public QWidget {
  Q_OBJECT

 public:
  explicit ChangesLine(GenerationSession& session, QWidget* parent = nullptr);

 Q_SIGNALS:
  void whyWanted();

 private:
  void buildLayout();
  void update();

  GenerationSession& session_;
  QToolButton* head_ = nullptr;
  QPushButton* why_ = nullptr;
  QLabel* sentences_ = nullptr;
};

}  // namespace studio::ui
