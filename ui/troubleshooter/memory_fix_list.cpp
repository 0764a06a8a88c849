#include "ui/troubleshooter/memory_fix_list.h"

#include "ui/queue/durations.h"
#include "ui/troubleshooter/memory_words.h"
#include "ui/widgets/text_role.h"

#include <QButtonGroup>
#include <QGridLayout>
#include <QLabel>
#include <QRadioButton>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace studio::ui {
namespace {

QString peakText(const engine::MemoryFix& fix, engine::Bytes limit) {
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

}  // namespace

MemoryFixList::MemoryFixList(QWidget* parent) : QWidget(parent) {
  grid_ = new QGridLayout(this);
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setHorizontalSpacing(16);
  grid_->setVerticalSpacing(0);
  grid_->setColumnStretch(0, 1);
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
  clear();
  fixes_ = fixes;
  setVisible(!fixes.empty());
  if (fixes.empty()) return;
  const bool withTimes =
      std::any_of(fixes.begin(), fixes.end(), [](const engine::MemoryFix& fix) { return fix.seconds.has_value(); });
  addHeader(withTimes);
  for (int i = 0; i < static_cast<int>(fixes.size()); ++i) addRow(i, withTimes, limit);
  buttons_->button(0)->setChecked(true);
}

void MemoryFixList::addHeader(bool withTimes) {
  grid_->addWidget(smallLabel(tr("Fixes, gentlest first"), this), 0, 0);
  grid_->addWidget(smallLabel(tr("Peak then"), this), 0, 1);
  if (withTimes) grid_->addWidget(smallLabel(tr("Time"), this), 0, 2);
  grid_->addWidget(smallLabel(tr("Picture"), this), 0, 3);
}

void MemoryFixList::addRow(int number, bool withTimes, engine::Bytes limit) {
  const engine::MemoryFix& fix = fixes_[static_cast<std::size_t>(number)];
  QStringList said{peakText(fix, limit), effectText(fix.effect)};
  auto* radio = new QRadioButton(fixText(fix), this);
  radio->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  radio->setToolTip(fixText(fix));
  buttons_->addButton(radio, number);
  grid_->addWidget(radio, number + 1, 0);
  grid_->addWidget(new QLabel(said.front(), this), number + 1, 1);
  if (withTimes) {
    grid_->addWidget(new QLabel(timeText(fix), this), number + 1, 2);
    said.insert(1, timeText(fix));
  }
  grid_->addWidget(new QLabel(said.back(), this), number + 1, 3);
  radio->setAccessibleDescription(said.join(QStringLiteral(", ")));
}

const engine::MemoryFix* MemoryFixList::chosen() const {
  const int number = buttons_->checkedId();
  return number < 0 || number >= static_cast<int>(fixes_.size()) ? nullptr : &fixes_[static_cast<std::size_t>(number)];
}

}  // namespace studio::ui
