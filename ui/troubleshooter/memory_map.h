#pragma once

#include "engine/api/memory_report.h"

#include <QColor>
#include <QWidget>

#include <vector>

class QLabel;

namespace studio::ui {

/// Who holds what, as a bar of coloured parts with a legend in the same order; what was asked for in vain stands
/// behind its end. The legend's words are its accessible description.
class MemoryMap : public QWidget {
  Q_OBJECT

 public:
  explicit MemoryMap(QWidget* parent = nullptr);

  void showReport(const engine::MemoryReport& report);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  enum class Paint { Solid, Free, Missing };
  struct Part {
    QString text;
    qint64 bytes = 0;
    Paint paint = Paint::Solid;
  };
  class Bar;

  QColor colorOf(std::size_t part) const;
  static QString textOf(const Part& part);
  void showLegend();

  std::vector<Part> parts_;
  Bar* bar_ = nullptr;
  QLabel* legend_ = nullptr;
};

}  // namespace studio::ui
