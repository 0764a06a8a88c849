#include "ui/troubleshooter/memory_fix_list.h"

#include "ui/queue/durations.h"
#include "ui/troubleshooter/memory_words.h"
#include "ui/widgets/text_role.h"

#include <QButtonGroup>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QRadioButton>
#include <QSignalBlocker>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace studio::ui {
namespace {

QString peakText(const engine::MemoryFix& fix, engine::Bytes limit) {
  if (fix.peak.count <= 0) return MemoryFixList::tr("nothing on the device");
  const QString peak = bytesText(fix.peak.count);
  return limit.count > 0 && fix.peak <= limit ? MemoryFixList::tr("%1 of %2").arg(peak, bytesText(limit.count)) : peak;
}

QString timeText(const engine::MemoryFix& fix) {
  if (!fix.seconds) return QStringLiteral("–");
  const double seconds = fix.seconds->count();
  return (seconds < 0 ? QStringLiteral("−%1") : QStringLiteral("+%1")).arg(durationText(std::abs(seconds)));
}

QLabel* smallLabel(const QString& text, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  setTextRole(label, TextRole::SmallMuted);
  return label;
}

constexpr int kTableCharacters = 72;  // of average width, for a table whose first column says enough

}  // namespace

/// What is said of a fix, beside what it does. `time` is empty where no fix's time is known.
struct MemoryFixList::Columns {
  QString peak, time, picture;
  QString joined(const QString& between) const {
    QStringList parts{peak, time, picture};
    parts.removeAll(QString());
    return parts.join(between);
  }
};

MemoryFixList::MemoryFixList(QWidget* parent) : QWidget(parent) {
  grid_ = new QGridLayout(this);
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setVerticalSpacing(0);
  buttons_ = new QButtonGroup(this);
  connect(buttons_, &QButtonGroup::idToggled, this, [this](int, bool checked) {
    if (checked) Q_EMIT chosenChanged();
  });
}

void MemoryFixList::clear() {
  for (QAbstractButton* button : buttons_->buttons()) buttons_->removeButton(button);
  while (QLayoutItem* item = grid_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
}

void MemoryFixList::showFixes(const std::vector<engine::MemoryFix>& fixes, engine::Bytes limit) {
  fixes_ = fixes;
  limit_ = limit;
  setVisible(!fixes.empty());
  build(0);
}

bool MemoryFixList::isTooNarrow() const { return width() < kTableCharacters * fontMetrics().averageCharWidth(); }

void MemoryFixList::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  if (isTooNarrow() != stacked_) build(std::max(0, buttons_->checkedId()));
}

void MemoryFixList::build(int chosen) {
  const QSignalBlocker blocker(buttons_);
  clear();
  stacked_ = isTooNarrow();
  grid_->setHorizontalSpacing(stacked_ ? 6 : 16);
  grid_->setColumnStretch(0, stacked_ ? 0 : 1);
  grid_->setColumnStretch(1, stacked_ ? 1 : 0);
  if (fixes_.empty()) return;
  const bool withTimes =
      std::any_of(fixes_.begin(), fixes_.end(), [](const engine::MemoryFix& fix) { return fix.seconds.has_value(); });
  addHeader(withTimes);
  for (int i = 0; i < static_cast<int>(fixes_.size()); ++i) {
    const engine::MemoryFix& fix = fixes_[static_cast<std::size_t>(i)];
    const Columns columns{peakText(fix, limit_), withTimes ? timeText(fix) : QString(), effectText(fix.effect)};
    stacked_ ? addStack(i, columns) : addRow(i, columns);
  }
  buttons_->button(chosen)->setChecked(true);
}

void MemoryFixList::addHeader(bool withTimes) {
  auto* title = smallLabel(tr("Fixes, gentlest first"), this);
  if (stacked_) return grid_->addWidget(title, 0, 0, 1, 2);
  grid_->addWidget(title, 0, 0);
  grid_->addWidget(smallLabel(tr("Peak then"), this), 0, 1);
  if (withTimes) grid_->addWidget(smallLabel(tr("Time"), this), 0, 2);
  grid_->addWidget(smallLabel(tr("Picture"), this), 0, 3);
}

QRadioButton* MemoryFixList::addChoice(int number, const Columns& columns) {
  auto* radio = new QRadioButton(this);
  const QString what = fixText(fixes_[static_cast<std::size_t>(number)]);
  radio->setToolTip(what);
  radio->setAccessibleName(what);
  radio->setAccessibleDescription(columns.joined(QStringLiteral(", ")));
  buttons_->addButton(radio, number);
  return radio;
}

void MemoryFixList::addRow(int number, const Columns& columns) {
  QRadioButton* radio = addChoice(number, columns);
  radio->setText(radio->accessibleName());
  radio->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  grid_->addWidget(radio, number + 1, 0);
  grid_->addWidget(new QLabel(columns.peak, this), number + 1, 1);
  if (!columns.time.isEmpty()) grid_->addWidget(new QLabel(columns.time, this), number + 1, 2);
  grid_->addWidget(new QLabel(columns.picture, this), number + 1, 3);
}

/// A radio button's own text would not wrap.
void MemoryFixList::addStack(int number, const Columns& columns) {
  QRadioButton* radio = addChoice(number, columns);
  auto* what = new QLabel(radio->accessibleName(), this);
  what->setWordWrap(true);
  what->setBuddy(radio);
  what->installEventFilter(this);
  auto* details = smallLabel(columns.joined(QStringLiteral(" · ")), this);
  details->setWordWrap(true);
  grid_->addWidget(radio, 2 * number + 1, 0, Qt::AlignTop);
  grid_->addWidget(what, 2 * number + 1, 1);
  grid_->addWidget(details, 2 * number + 2, 1);
}

bool MemoryFixList::eventFilter(QObject* watched, QEvent* event) {
  const auto* label = qobject_cast<QLabel*>(watched);
  if (label != nullptr && label->buddy() != nullptr && event->type() == QEvent::MouseButtonRelease)
    static_cast<QRadioButton*>(label->buddy())->setChecked(true);
  return QWidget::eventFilter(watched, event);
}

const engine::MemoryFix* MemoryFixList::chosen() const {
  const int number = buttons_->checkedId();
  return number < 0 || number >= static_cast<int>(fixes_.size()) ? nullptr : &fixes_[static_cast<std::size_t>(number)];
}

}  // namespace studio::ui
