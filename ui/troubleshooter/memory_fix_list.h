#pragma once

#include "engine/api/memory_report.h"

#include <QWidget>

#include <vector>

class QButtonGroup;
class QGridLayout;

namespace studio::ui {

/// The fixes to choose one from: a row each with what it does, the peak then, the time it costs where that is known,
/// and what becomes of the picture. The first is chosen at the beginning.
class MemoryFixList : public QWidget {
  Q_OBJECT

 public:
  explicit MemoryFixList(QWidget* parent = nullptr);

  void showFixes(const std::vector<engine::MemoryFix>& fixes, engine::Bytes limit);
  /// Null when there are none.
  const engine::MemoryFix* chosen() const;

 Q_SIGNALS:
  void chosenChanged();

 private:
  void clear();
  void addHeader(bool withTimes);
  void addRow(int number, bool withTimes, engine::Bytes limit);

  std::vector<engine::MemoryFix> fixes_;
  QGridLayout* grid_ = nullptr;
  QButtonGroup* buttons_ = nullptr;
};

}  // namespace studio::ui
