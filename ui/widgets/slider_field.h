#pragma once

#include <QWidget>

class QDoubleSpinBox;
class QLabel;
class QSlider;

namespace studio::ui {

/// One row: label, slider, number field. The slider may cover less than the field allows
/// (guidance 1–15 by slider, 0–100 by typing); where it would cover nothing there is none.
class SliderField : public QWidget {
  Q_OBJECT

 public:
  struct Range {
    double minimum = 0;
    double maximum = 1;
    double sliderMinimum = 0;
    double sliderMaximum = 1;
    double step = 1;
    int decimals = 0;
  };

  SliderField(const QString& label, const Range& range, QWidget* parent = nullptr);

  double value() const;
  /// Shows a value; never emits edited().
  void setValue(double value);

  /// Rows of a group line their sliders up: give all of them the widest width.
  int labelWidth() const;
  void setLabelWidth(int width);
  void setSuffix(const QString& suffix);

  QDoubleSpinBox* numberField() const { return number_; }
  QSlider* slider() const { return slider_; }

 Q_SIGNALS:
  /// The person changed the value, by slider or by field.
  void edited(double value);

 private:
  void buildLayout(const QString& label);
  void connectSignals();
  int toSlider(double value) const;

  Range range_;
  QLabel* label_ = nullptr;
  QSlider* slider_ = nullptr;
  QDoubleSpinBox* number_ = nullptr;
};

}  // namespace studio::ui
