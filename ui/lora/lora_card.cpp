#include "ui/lora/lora_card.h"

#include "engine/api/request_fields.h"
#include "ui/bridge/text.h"
#include "ui/lora/elided_check_box.h"
#include "ui/queue/durations.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/slider_field.h"
#include "ui/widgets/text_role.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QVBoxLayout>

namespace studio::ui {
namespace {

/// By slider; the field takes more.
constexpr double kSliderWeight = 2;
constexpr double kWeightStep = 0.05;

/// Trained tags can be hundreds; the most frequent ones come first.
constexpr std::size_t kMostTriggers = 6;

}  // namespace

LoraCard::LoraCard(const LoraRow& row, QWidget* parent) : QFrame(parent), file_(row.file), known_(row.info != nullptr) {
  buildLayout(row);
  weight_->setValue(row.weight);
  connectSignals();
  showRow(row);
}

void LoraCard::buildLayout(const LoraRow& row) {
  name_ = new ElidedCheckBox(QString(row.name).replace(u'&', QStringLiteral("&&")), this);
  name_->setAccessibleName(row.name);
  name_->setToolTip(pathText(row.file));
  facts_ = new QLabel(this);
  setTextRole(facts_, TextRole::SmallMuted);
  weight_ = new SliderField(
      tr("Weight"),
      {-engine::kLargestLoraWeight, engine::kLargestLoraWeight, -kSliderWeight, kSliderWeight, kWeightStep, 2}, this);
  weight_->numberField()->setAccessibleName(tr("Weight of %1").arg(row.name));
  weight_->slider()->setAccessibleName(tr("Weight of %1").arg(row.name));
  weight_->setToolTip(tr("How strongly the LoRA works. By typing, more than the slider's range is possible."));
  warning_ = new QLabel(this);
  warning_->setWordWrap(true);
  setTextRole(warning_, TextRole::Warning);

  auto* heading = new QHBoxLayout;
  heading->setSpacing(8);
  heading->addWidget(name_, 1);
  heading->addWidget(facts_);
  auto* rows = new QVBoxLayout(this);
  rows->setContentsMargins(0, 4, 0, 4);
  rows->setSpacing(4);
  rows->addLayout(heading);
  rows->addWidget(weight_);
  if (row.info != nullptr && !row.info->triggers.empty()) rows->addWidget(buildTriggers(*row.info));
  rows->addWidget(warning_);
}

QWidget* LoraCard::buildTriggers(const engine::LoraInfo& info) {
  auto* box = new QWidget(this);
  auto* flow = new FlowLayout(box);
  for (std::size_t i = 0; i < info.triggers.size() && i < kMostTriggers; ++i) {
    const QString word = toQString(info.triggers[i]);
    auto* chip = new Chip(word, box);
    chip->setToolTip(tr("Insert “%1” into the prompt").arg(word));
    chip->setAccessibleDescription(chip->toolTip());
    connect(chip, &Chip::clicked, this, [this, word] {
      Q_EMIT
      triggerChosen(word);
    });
    flow->addWidget(chip);
  }
  return box;
}

QString LoraCard::factsText(const engine::LoraInfo& info) {
  const bool known = info.base != engine::ModelFamily::Unknown;
  const QString base = known ? QString::fromUtf8(engine::familyName(info.base)) : tr("unknown base");
  return tr("%1 · %2", "base family, file size").arg(base, bytesText(info.fileBytes.count));
}

QString LoraCard::reasonText(const engine::LoraInfo& info) {
  if (info.kind.empty() || info.kind == "LoRA") return tr("▲ This is not a LoRA that can be used.");
  return tr("▲ %1 files cannot be used yet.").arg(toQString(info.kind));
}

void LoraCard::connectSignals() {
  connect(name_, &QCheckBox::toggled, this, &LoraCard::toggled);
  connect(weight_, &SliderField::edited, this, &LoraCard::weightEdited);
}

double LoraCard::weight() const { return weight_->value(); }

QList<QWidget*> LoraCard::tabStops() const {
  QList<QWidget*> stops;
  const auto children = findChildren<QWidget*>();
  for (QWidget* child : children) {
    if ((child->focusPolicy() & Qt::TabFocus) != 0 && child->focusProxy() == nullptr) stops.append(child);
  }
  return stops;
}

void LoraCard::showRow(const LoraRow& row) {
  const QSignalBlocker quiet(name_);
  name_->setChecked(row.used);
  if (row.used) weight_->setValue(row.weight);
  if (row.info != nullptr) facts_->setText(factsText(*row.info));
  showFit(row);
}

void LoraCard::showFit(const LoraRow& row) {
  const bool works = row.fit == LoraFit::Fits || row.fit == LoraFit::UnknownBase;
  weight_->setVisible(works);
  weight_->setEnabled(row.used);
  // What is on can always be switched off.
  name_->setEnabled(works || row.used);
  warning_->setVisible(!works);
  if (row.fit == LoraFit::OtherFamily) {
    warning_->setText(tr("▲ Made for %1; it does not fit the chosen model.")
                          .arg(QString::fromUtf8(engine::familyName(row.info->base))));
  } else if (row.fit == LoraFit::Unusable) {
    warning_->setText(reasonText(*row.info));
    warning_->setToolTip(toQString(row.info->reason));
  } else if (row.fit == LoraFit::Missing) {
    warning_->setText(tr("▲ This file is in none of your folders."));
  }
  name_->setAccessibleDescription(works ? facts_->text() : warning_->text());
}

}  // namespace studio::ui
