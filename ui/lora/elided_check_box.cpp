#include "ui/lora/elided_check_box.h"

#include <QStyleOptionButton>
#include <QStylePainter>

namespace studio::ui {

ElidedCheckBox::ElidedCheckBox(const QString& text, QWidget* parent) : QCheckBox(text, parent) {
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

QSize ElidedCheckBox::minimumSizeHint() const {
  constexpr int kIndicator = 28;
  return {kIndicator + fontMetrics().horizontalAdvance(QStringLiteral("MMMM")), QCheckBox::minimumSizeHint().height()};
}

void ElidedCheckBox::paintEvent(QPaintEvent*) {
  QStylePainter painter(this);
  QStyleOptionButton option;
  initStyleOption(&option);
  const int room = style()->subElementRect(QStyle::SE_CheckBoxContents, &option, this).width();
  option.text = fontMetrics().elidedText(text(), Qt::ElideMiddle, room, Qt::TextShowMnemonic);
  painter.drawControl(QStyle::CE_CheckBox, option);
}

}  // namespace studio::ui
