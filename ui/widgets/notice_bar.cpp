#include "ui/widgets/notice_bar.h"

#include "ui/style/icon_set.h"
#include "ui/widgets/text_role.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <algorithm>
#include <chrono>

namespace studio::ui {
namespace {

constexpr std::chrono::seconds kShown{10};
constexpr int kMargin = 14;
constexpr int kWidest = 640;

}  // namespace

NoticeBar::NoticeBar(QWidget* parent) : QFrame(parent) {
  setObjectName(QStringLiteral("noticeBar"));
  buildLayout();
  connectSignals();
  hide();
}

void NoticeBar::buildLayout() {
  text_ = new QLabel(this);
  text_->setWordWrap(true);
  text_->setTextFormat(Qt::PlainText);
  action_ = new QPushButton(this);
  action_->hide();  // shown with the first message that has one
  setButtonRole(action_, ButtonRole::Flat);
  close_ = new QPushButton(this);
  setButtonRole(close_, ButtonRole::Flat);
  close_->setIcon(themeIcon(QStringLiteral("close"), palette()));
  close_->setAccessibleName(tr("Close the message"));
  close_->setToolTip(tr("Close the message"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 6, 6, 6);
  row->setSpacing(8);
  row->addWidget(text_, 1);
  row->addWidget(action_);
  row->addWidget(close_);
  timer_.setSingleShot(true);
  timer_.setInterval(kShown);
  parentWidget()->installEventFilter(this);
}

void NoticeBar::connectSignals() {
  connect(&timer_, &QTimer::timeout, this, &QWidget::hide);
  connect(close_, &QPushButton::clicked, this, &QWidget::hide);
  connect(action_, &QPushButton::clicked, this, [this] {
    hide();
    if (onAction_) onAction_();
  });
}

void NoticeBar::showMessage(const QString& text) { showMessage(text, {}, {}); }

void NoticeBar::showMessage(const QString& text, const QString& actionText, std::function<void()> action) {
  text_->setText(text);
  setAccessibleName(text);
  action_->setText(actionText);
  action_->setVisible(!actionText.isEmpty());
  onAction_ = std::move(action);
  place();
  show();
  raise();
  timer_.start();
  QAccessibleEvent alert(this, QAccessible::Alert);
  QAccessible::updateAccessibility(&alert);
}

void NoticeBar::dropAction() {
  action_->hide();
  onAction_ = {};
}

QString NoticeBar::text() const { return isHidden() ? QString() : text_->text(); }

void NoticeBar::place() {
  const QWidget* around = parentWidget();
  const int width = std::min(kWidest, around->width() - 2 * kMargin);
  const int height = std::max(sizeHint().height(), heightForWidth(width));
  setGeometry((around->width() - width) / 2, around->height() - height - kMargin, width, height);
}

/// Icons take the colours of a new theme.
void NoticeBar::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) close_->setIcon(themeIcon(QStringLiteral("close"), palette()));
  QFrame::changeEvent(event);
}

bool NoticeBar::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Resize && !isHidden()) place();
  return QFrame::eventFilter(watched, event);
}

}  // namespace studio::ui
