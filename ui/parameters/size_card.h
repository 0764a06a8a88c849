#pragma once

#include "engine/api/units.h"
#include "ui/parameters/size_rules.h"
#include "ui/widgets/panel_frame.h"

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

class QCheckBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace studio::ui {

class Chip;
class Library;
class RequestDraft;

/// The card for width and height: ratios around the model's trained size, fields that snap, swap, lock, and a
/// verdict on how the size suits the model.
class SizeCard : public PanelFrame {
  Q_OBJECT

 public:
  SizeCard(RequestDraft& draft, Library& library, QWidget* parent = nullptr);

  bool isLocked() const;
  void setLocked(bool locked);

 Q_SIGNALS:
  void lockedChanged(bool locked);

 private:
  void buildLayout();
  QWidget* buildRatios();
  QSpinBox* buildSide(std::string_view field);
  void connectSignals();
  void showRequest();
  void showVerdict();
  void takeWidth();
  void takeHeight();
  void setSize(engine::PixelSize size);
  std::optional<engine::PixelSize> trainedSize() const;
  static QString verdictText(SizeVerdict verdict);
  static QString verdictHelp(SizeVerdict verdict);

  RequestDraft& draft_;
  Library& library_;
  std::vector<std::pair<AspectRatio, Chip*>> ratios_;
  QLabel* verdict_ = nullptr;
  QSpinBox* width_ = nullptr;
  QSpinBox* height_ = nullptr;
  QPushButton* swap_ = nullptr;
  QCheckBox* lock_ = nullptr;
  engine::PixelSize shape_{1, 1};  ///< kept while locked, so that snapping does not drift
};

}  // namespace studio::ui
