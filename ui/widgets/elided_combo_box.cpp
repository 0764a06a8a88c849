#include "ui/widgets/elided_combo_box.h"

#include <QStyleOptionComboBox>
#include <QStylePainter>

namespace studio::ui {
namespace {

constexpr int kTextMargin = 2;  ///< that styles leave at both ends of the text

}  // namespace

QString ElidedComboBox::elided(const QStyleOptionComboBox& option) const {
  const QRect room = style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this);
  return fontMetrics().elidedText(option.currentText, Qt::ElideMiddle, room.width() - 2 * kTextMargin);
}

QString ElidedComboBox::shownText() const {
  QStyleOptionComboBox option;
  initStyleOption(&option);
  return elided(option);
}

void ElidedComboBox::paintEvent(QPaintEvent*) {
  QStylePainter painter(this);
  QStyleOptionComboBox option;
  initStyleOption(&option);
  if (currentIndex() < 0 && !placeholderText().isEmpty()) {
    option.palette.setBrush(QPalette::ButtonText, option.palette.placeholderText());
    option.currentText = placeholderText();
  }
  painter.drawComplexControl(QStyle::CC_ComboBox, option);
  option.currentText = elided(option);
  painter.drawControl(QStyle::CE_ComboBoxLabel, option);
}

}  // namespace studio::ui
