#pragma once

#include "engine/api/memory_report.h"

#include <QWidget>

#include <vector>

class QButtonGroup;
class QGridLayout;
class QRadioButton;

namespace studio::ui {

/// The fixes to choose one from: what each does, the peak then, the time it costs where that is known, and what becomes
/// of the picture; in the columns of a table, or where that is too wide one below the other. The first is chosen at the
/// beginning.
class MemoryFixList : public QWidget {
  Q_OBJECT

 public:
  explicit MemoryFixList(QWidget* parent = nullptr);

  void showFixes(const std::vector<engine::MemoryFix>& fixes, engine::Bytes limit);
  /// Null when there are none.
  const engine::MemoryFix* chosen() const;

 Q_SIGNALS:
  void chosenChanged();

 protected:
  void resizeEvent(QResizeEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  struct Columns;
  bool isTooNarrow() const;
  void build(int chosen);
  void clear();
  void addHeader(bool withTimes);
  void addRow(int number, const Columns& columns);
  void addStack(int number, const Columns& columns);
  QRadioButton* addChoice(int number, const Columns& columns);

  std::vector<engine::MemoryFix> fixes_;
  engine::Bytes limit_;
  bool stacked_ = false;
  QGridLayout* grid_ = nullptr;
  QButtonGroup* buttons_ = nullptr;
};

}  // namespace studio::ui
