#include "ui/model_library/file_choice.h"

#include "ui/bridge/text.h"
#include "ui/style/icon_set.h"
#include "ui/widgets/elided_combo_box.h"
#include "ui/widgets/wheel_guard.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QToolButton>

namespace studio::ui {

FileChoice::FileChoice(const QString& label, const QString& automatic, QWidget* parent)
    : QWidget(parent), automatic_(automatic) {
  buildLayout(label);
  connect(box_, &QComboBox::activated, this, [this](int index) {
    Q_EMIT
    chosen(files_[static_cast<std::size_t>(index)]);
  });
}

void FileChoice::buildLayout(const QString& label) {
  label_ = new QLabel(label, this);
  box_ = new ElidedComboBox(this);
  box_->setAccessibleName(label);
  // Long file names must not make the panel wide.
  box_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box_->setMinimumContentsLength(10);
  guardWheel(box_);
  label_->setBuddy(box_);
  setFocusProxy(box_);
  browse_ = new QToolButton(this);
  browse_->setAccessibleName(tr("Choose a file for: %1").arg(label));
  browse_->setToolTip(tr("Choose a file…"));
  showIcon();

  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  row->addWidget(label_);
  row->addWidget(box_, 1);
  row->addWidget(browse_);
}

void FileChoice::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) showIcon();
}

void FileChoice::showIcon() { browse_->setIcon(themeIcon(QStringLiteral("folder"), palette())); }

void FileChoice::showItems(const std::vector<Item>& items, const std::filesystem::path& current) {
  const QSignalBlocker quiet(box_);
  box_->clear();
  files_.clear();
  const auto add = [this](const std::filesystem::path& file, const QString& name, const QString& detail) {
    box_->addItem(name);
    box_->setItemData(box_->count() - 1, detail, Qt::ToolTipRole);
    files_.push_back(file);
  };
  if (!automatic_.isEmpty()) add({}, automatic_, {});
  for (const Item& item : items) add(item.file, item.name, item.detail);
  int index = automatic_.isEmpty() || !current.empty() ? -1 : 0;
  for (std::size_t i = 0; i < files_.size() && !current.empty(); ++i) {
    if (files_[i].lexically_normal() == current.lexically_normal()) index = static_cast<int>(i);
  }
  if (index < 0 && !current.empty()) {
    add(current, pathText(current.filename()), pathText(current));
    index = box_->count() - 1;
  }
  box_->setCurrentIndex(index);
  box_->setToolTip(current.empty() ? QString() : pathText(current));
}

}  // namespace studio::ui
