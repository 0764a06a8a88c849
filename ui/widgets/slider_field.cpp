#include "ui/widgets/slider_field.h"

#include "ui/widgets/number_field.h"
#include "ui/widgets/wheel_guard.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>

#include <algorithm>
#include <cmath>

namespace studio::ui {

SliderField::SliderField(const QString& label, const Range& range, QWidget* parent) : QWidget(parent), range_(range) {
  buildLayout(label);
  connectSignals();
}

void SliderField::buildLayout(const QString& label) {
  label_ = new QLabel(label, this);
  slider_ = new QSlider(Qt::Horizontal, this);
  slider_->setRange(0, static_cast<int>(std::lround((range_.sliderMaximum - range_.sliderMinimum) / range_.step)));
  slider_->setPageStep(std::max(1, slider_->maximum() / 10));
  slider_->setAccessibleName(label);
  number_ = new DecimalField(this);
  number_->setRange(range_.minimum, range_.maximum);
  number_->setSingleStep(range_.step);
  number_->setDecimals(range_.decimals);
  number_->setButtonSymbols(QAbstractSpinBox::NoButtons);
  number_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  number_->setKeyboardTracking(false);
  const bool slides = range_.sliderMaximum > range_.sliderMinimum;
  slider_->setVisible(slides);
  if (slides) {
    number_->setFixedWidth(std::max(62, number_->fontMetrics().horizontalAdvance(QStringLiteral("00000")) + 22));
  }
  number_->setAccessibleName(label);
  label_->setBuddy(number_);
  setFocusProxy(number_);
  guardWheel(slider_);
  guardWheel(number_);

  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  row->addWidget(label_);
  row->addWidget(slider_, 1);
  row->addWidget(number_, slides ? 0 : 1);
  setValue(range_.minimum);
}

void SliderField::connectSignals() {
  connect(slider_, &QSlider::valueChanged, this, [this](int position) {
    const QSignalBlocker quiet(number_);
    number_->setValue(range_.sliderMinimum + position * range_.step);
    Q_EMIT edited(number_->value());
  });
  connect(number_, &QDoubleSpinBox::valueChanged, this, [this](double value) {
    const QSignalBlocker quiet(slider_);
    slider_->setValue(toSlider(value));
    Q_EMIT edited(value);
  });
}

int SliderField::toSlider(double value) const {
  const double within = std::clamp(value, range_.sliderMinimum, range_.sliderMaximum);
  return static_cast<int>(std::lround((within - range_.sliderMinimum) / range_.step));
}

double SliderField::value() const { return number_->value(); }

void SliderField::setValue(double value) {
  const QSignalBlocker quietSlider(slider_);
  const QSignalBlocker quietNumber(number_);
  number_->setValue(value);
  slider_->setValue(toSlider(value));
}

int SliderField::labelWidth() const { return label_->sizeHint().width(); }

void SliderField::setLabelWidth(int width) { label_->setMinimumWidth(width); }

void SliderField::setSuffix(const QString& suffix) { number_->setSuffix(suffix); }

}  // namespace studio::ui
