#pragma once

#include "engine/api/memory_plan.h"

#include <QWidget>

#include <optional>

class QGridLayout;
class QLabel;

namespace studio::ui {

/// Shows before anything runs what a picture takes on the device: a bar for each phase against what may be used,
/// whether it fits, how long it takes, and the cheapest changes that would make it fit, as links.
class FitMeter : public QWidget {
  Q_OBJECT

 public:
  explicit FitMeter(QWidget* parent = nullptr);

  /// Hides the meter when there is nothing to show.
  void showEstimate(const std::optional<engine::MemoryEstimate>& estimate);

 Q_SIGNALS:
  void changeWanted(const engine::MemoryChange& change);

 private:
  void buildLayout();
  void showPhases();
  void showVerdict();
  void showTime();
  void showChanges();

  engine::MemoryEstimate estimate_;
  QGridLayout* phases_ = nullptr;
  QLabel* verdict_ = nullptr;
  QLabel* time_ = nullptr;
  QLabel* changes_ = nullptr;
};

}  // namespace studio::ui
