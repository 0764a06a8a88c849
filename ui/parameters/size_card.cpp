#include "ui/parameters/size_card.h"

#include "ui/bridge/field_names.h"
#include "ui/bridge/library.h"
#include "ui/bridge/request_draft.h"
#include "ui/parameters/field_range.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/text_role.h"
#include "ui/widgets/wheel_guard.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace studio::ui {
namespace {

using engine::PixelSize;

/// Ratios are laid out around this size while no model is known.
constexpr PixelSize kUsualSize{512, 512};

QString ratioText(AspectRatio ratio) { return QStringLiteral("%1:%2").arg(ratio.width).arg(ratio.height); }

}  // namespace

SizeCard::SizeCard(RequestDraft& draft, Library& library, QWidget* parent)
    : PanelFrame(tr("Size"), parent), draft_(draft), library_(library) {
  buildLayout();
  connectSignals();
  shape_ = draft_.request().size;
  showRequest();
}

void SizeCard::buildLayout() {
  verdict_ = new QLabel(this);
  header()->addWidget(verdict_);
  content()->addWidget(buildRatios());  // made first: the keyboard goes by the order of making
  width_ = buildSide("width");
  height_ = buildSide("height");
  auto* times = new QLabel(QStringLiteral("×"), this);
  times->setAccessibleName(tr("by"));
  swap_ = new QPushButton(tr("Swap"), this);
  swap_->setToolTip(tr("Exchange width and height"));
  lock_ = new QCheckBox(tr("Lock ratio"), this);
  lock_->setToolTip(tr("Changing one side changes the other, so that the shape stays"));

  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  row->addWidget(width_);
  row->addWidget(times);
  row->addWidget(height_);
  row->addWidget(swap_);
  row->addStretch(1);
  row->addWidget(lock_);
  content()->addLayout(row);
}

QWidget* SizeCard::buildRatios() {
  auto* box = new QWidget(this);
  auto* flow = new FlowLayout(box);
  for (const AspectRatio ratio : kAspectRatios) {
    auto* chip = new Chip(ratioText(ratio), box);
    chip->setCheckable(true);
    flow->addWidget(chip);
    ratios_.emplace_back(ratio, chip);
  }
  return box;
}

QSpinBox* SizeCard::buildSide(std::string_view field) {
  const engine::FieldInfo info = fieldInfo(field);
  auto* side = new WholeNumberField(this);
  side->setObjectName(QString::fromLatin1(field.data(), static_cast<qsizetype>(field.size())));
  side->setRange(static_cast<int>(info.minimum), static_cast<int>(info.maximum));
  side->setSingleStep(static_cast<int>(info.step));
  side->setButtonSymbols(QAbstractSpinBox::NoButtons);
  side->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  side->setKeyboardTracking(false);
  side->setFixedWidth(side->fontMetrics().horizontalAdvance(QStringLiteral("00000")) + 26);
  side->setAccessibleName(fieldName(field));
  side->setToolTip(tr("%1 in pixels; steps of %2").arg(fieldName(field)).arg(engine::kSideMultiple));
  guardWheel(side);
  return side;
}

void SizeCard::connectSignals() {
  for (const auto& [ratio, chip] : ratios_) {
    connect(chip, &Chip::clicked, this, [this, wanted = ratio] {
      shape_ = sizeForRatio(wanted, trainedSize().value_or(kUsualSize));
      setSize(shape_);
      showRequest();  // a chip that was chosen already must stay marked
    });
  }
  connect(width_, &QSpinBox::valueChanged, this, &SizeCard::takeWidth);
  connect(height_, &QSpinBox::valueChanged, this, &SizeCard::takeHeight);
  connect(swap_, &QPushButton::clicked, this, [this] {
    shape_ = {shape_.height, shape_.width};
    const PixelSize size = draft_.request().size;
    setSize({size.height, size.width});
  });
  connect(lock_, &QCheckBox::toggled, this, [this](bool locked) {
    shape_ = draft_.request().size;
    Q_EMIT
    lockedChanged(locked);
  });
  connect(&draft_, &RequestDraft::changed, this, &SizeCard::showRequest);
  connect(&library_, &Library::changed, this, &SizeCard::showRequest);
}

bool SizeCard::isLocked() const { return lock_->isChecked(); }

void SizeCard::setLocked(bool locked) { lock_->setChecked(locked); }

void SizeCard::takeWidth() {
  const int width = snapSide(width_->value());
  const int height = draft_.request().size.height;
  setSize({width, isLocked() ? heightFor(width, shape_) : height});
  showRequest();
}

void SizeCard::takeHeight() {
  const int height = snapSide(height_->value());
  const int width = draft_.request().size.width;
  setSize({isLocked() ? widthFor(height, shape_) : width, height});
  showRequest();
}

void SizeCard::setSize(PixelSize size) {
  draft_.edit([size](engine::GenerationRequest& request) { request.size = size; }, tr("Size"));
}

std::optional<PixelSize> SizeCard::trainedSize() const {
  const engine::ModelInfo* model = library_.findModel(draft_.request().model);
  return model == nullptr ? std::nullopt : std::optional(model->trainedSize);
}

void SizeCard::showRequest() {
  const PixelSize size = draft_.request().size;
  const QSignalBlocker quietWidth(width_);
  const QSignalBlocker quietHeight(height_);
  width_->setValue(size.width);
  height_->setValue(size.height);
  const PixelSize trained = trainedSize().value_or(kUsualSize);
  const std::optional<AspectRatio> current = ratioOf(size, trained);
  for (const auto& [ratio, chip] : ratios_) {
    const PixelSize offered = sizeForRatio(ratio, trained);
    chip->setChecked(current == ratio);
    chip->setToolTip(tr("%1 × %2 px").arg(offered.width).arg(offered.height));
    chip->setAccessibleDescription(chip->toolTip());
  }
  showVerdict();
}

void SizeCard::showVerdict() {
  const std::optional<PixelSize> trained = trainedSize();
  const SizeVerdict verdict = judgeSize(draft_.request().size, trained);
  const QString pixels = tr("%1 MP", "megapixels").arg(QLocale().toString(megapixels(draft_.request().size), 'f', 2));
  const bool warns =
      verdict == SizeVerdict::TooSmall || verdict == SizeVerdict::TooLarge || verdict == SizeVerdict::TooLong;
  setTextRole(verdict_, warns ? TextRole::Warning : TextRole::SmallMuted);
  verdict_->setText(verdictText(verdict).arg(pixels));
  const PixelSize ideal = trained.value_or(kUsualSize);
  verdict_->setToolTip(verdict == SizeVerdict::Unknown ? QString()
                                                       : verdictHelp(verdict).arg(ideal.width).arg(ideal.height));
}

QString SizeCard::verdictText(SizeVerdict verdict) {
  switch (verdict) {
    case SizeVerdict::Unknown:
      return QStringLiteral("%1");
    case SizeVerdict::Trained:
      return tr("%1 · trained size");
    case SizeVerdict::Good:
      return tr("%1 · suits the model");
    case SizeVerdict::TooSmall:
      return tr("▲ %1 · too small");
    case SizeVerdict::TooLarge:
      return tr("▲ %1 · too large");
    case SizeVerdict::TooLong:
      return tr("▲ %1 · very long");
  }
  return {};
}

QString SizeCard::verdictHelp(SizeVerdict verdict) {
  switch (verdict) {
    case SizeVerdict::TooSmall:
      return tr("This model was trained on %1 × %2 px. Much smaller pictures lose their subject or look blurred.");
    case SizeVerdict::TooLarge:
      return tr("This model was trained on %1 × %2 px. In much larger pictures it tends to repeat the subject.");
    case SizeVerdict::TooLong:
      return tr("This model was trained on %1 × %2 px. Along a very long side it tends to repeat the subject.");
    default:
      return tr("This model was trained on %1 × %2 px.");
  }
}

}  // namespace studio::ui
