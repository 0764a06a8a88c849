#pragma once

#include "engine/api/units.h"

#include <QWidget>

#include <optional>

class QLabel;
class QLineEdit;
class QPushButton;

namespace studio::ui {

class RequestDraft;

/// One row: the seed, random or fixed, and the way back to the newest picture's. Never rounds: 64 bits are text.
class SeedField : public QWidget {
  Q_OBJECT

 public:
  explicit SeedField(RequestDraft& draft, QWidget* parent = nullptr);

  int labelWidth() const;
  void setLabelWidth(int width);

 private:
  void buildLayout();
  void connectSignals();
  void showRequest();
  void showLastSeed();
  void takeText();
  void takeRandom(bool random);
  void setSeed(std::optional<engine::Seed> seed);

  RequestDraft& draft_;
  QLabel* label_ = nullptr;
  QLineEdit* number_ = nullptr;
  QPushButton* random_ = nullptr;
  QPushButton* reuse_ = nullptr;
};

}  // namespace studio::ui
