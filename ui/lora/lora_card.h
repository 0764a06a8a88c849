#pragma once

#include "ui/lora/lora_rules.h"

#include <QFrame>

class QCheckBox;
class QLabel;

namespace studio::ui {

class SliderField;

/// One LoRA: on/off, weight, trigger words, what it is made for, and why it cannot be used.
class LoraCard : public QFrame {
  Q_OBJECT

 public:
  explicit LoraCard(const LoraRow& row, QWidget* parent = nullptr);

  const std::filesystem::path& file() const { return file_; }
  /// Shows a newer state of the same file; `row.info` is not kept.
  void showRow(const LoraRow& row);
  double weight() const;
  /// What the keyboard stops at, in order.
  QList<QWidget*> tabStops() const;
  /// Whether the library knew the file when the card was made: its trigger words come from there.
  bool isKnown() const { return known_; }

 Q_SIGNALS:
  void toggled(bool on);
  void weightEdited(double weight);
  void triggerChosen(const QString& word);

 private:
  void buildLayout(const LoraRow& row);
  QWidget* buildTriggers(const engine::LoraInfo& info);
  static QString factsText(const engine::LoraInfo& info);
  static QString reasonText(const engine::LoraInfo& info);
  void connectSignals();
  void showFit(const LoraRow& row);

  std::filesystem::path file_;
  bool known_ = false;
  QCheckBox* name_ = nullptr;
  QLabel* facts_ = nullptr;
  SliderField* weight_ = nullptr;
  QLabel* warning_ = nullptr;
};

}  // namespace studio::ui
