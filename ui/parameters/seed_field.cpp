#include "ui/parameters/seed_field.h"

#include "ui/bridge/field_names.h"
#include "ui/bridge/request_draft.h"
#include "ui/parameters/seed_text.h"
#include "ui/widgets/undo_keys.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QValidator>

namespace studio::ui {
namespace {

/// Lets nothing in that could not become a seed.
class SeedValidator : public QValidator {
 public:
  using QValidator::QValidator;
  State validate(QString& text, int&) const override {
    if (text.trimmed() == u"-") return Intermediate;
    return readSeedText(text).valid ? Acceptable : Invalid;
  }
  void fixup(QString& text) const override { text.clear(); }
};

}  // namespace

SeedField::SeedField(RequestDraft& draft, QWidget* parent) : QWidget(parent), draft_(draft) {
  buildLayout();
  connectSignals();
  showRequest();
  showLastSeed();
}

void SeedField::buildLayout() {
  label_ = new QLabel(fieldName("seed"), this);
  number_ = new QLineEdit(this);
  number_->setObjectName(QStringLiteral("seed"));
  number_->setValidator(new SeedValidator(number_));
  number_->setPlaceholderText(tr("random"));
  number_->setAccessibleName(fieldName("seed"));
  number_->setToolTip(tr("Start value of the noise: the same seed and settings make the same picture. Empty: random."));
  number_->setMinimumWidth(number_->fontMetrics().horizontalAdvance(QStringLiteral("0000000000")) + 16);
  leaveUndoToWindow(number_);
  label_->setBuddy(number_);
  setFocusProxy(number_);
  random_ = new QPushButton(tr("Random"), this);
  random_->setCheckable(true);
  random_->setToolTip(tr("On: a new seed for each job. Off: the seed is kept."));
  reuse_ = new QPushButton(tr("Reuse last"), this);

  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  row->addWidget(label_);
  row->addWidget(number_, 1);
  row->addWidget(random_);
  row->addWidget(reuse_);
}

void SeedField::connectSignals() {
  connect(number_, &QLineEdit::textEdited, this, &SeedField::takeText);
  connect(number_, &QLineEdit::editingFinished, this, &SeedField::showRequest);
  connect(random_, &QPushButton::clicked, this, &SeedField::takeRandom);
  connect(reuse_, &QPushButton::clicked, this, [this] { setSeed(draft_.lastSeed()); });
  connect(&draft_, &RequestDraft::changed, this, &SeedField::showRequest);
  connect(&draft_, &RequestDraft::lastSeedChanged, this, &SeedField::showLastSeed);
}

int SeedField::labelWidth() const { return label_->sizeHint().width(); }

void SeedField::setLabelWidth(int width) { label_->setMinimumWidth(width); }

void SeedField::showRequest() {
  const auto& seed = draft_.request().seed;
  random_->setChecked(!seed.has_value());
  const SeedText shown = readSeedText(number_->text());
  if (shown.valid && shown.seed == seed) return;  // "007" stays as it was typed
  number_->setText(seedText(seed));
  number_->setCursorPosition(0);  // of a long number the first digits are seen
}

void SeedField::showLastSeed() {
  const auto last = draft_.lastSeed();
  reuse_->setEnabled(last.has_value());
  reuse_->setToolTip(last ? tr("Use the seed of the newest picture: %1").arg(seedText(last))
                          : tr("Use the seed of the newest picture. There is none yet."));
  reuse_->setAccessibleDescription(reuse_->toolTip());
}

void SeedField::takeText() {
  const SeedText read = readSeedText(number_->text());
  if (read.valid) setSeed(read.seed);
}

/// Fixing a random seed keeps the newest picture's, which is what people want to vary; else a fresh number.
void SeedField::takeRandom(bool random) {
  if (random) {
    setSeed(std::nullopt);
  } else {
    setSeed(draft_.lastSeed() ? draft_.lastSeed() : drawSeed());
  }
}

void SeedField::setSeed(std::optional<engine::Seed> seed) {
  draft_.edit([seed](engine::GenerationRequest& request) { request.seed = seed; }, fieldName("seed"));
}

}  // namespace studio::ui
