#include "ui/parameters/parameters_panel.h"

#include "settings/app_settings.h"
#include "ui/parameters/advanced_card.h"
#include "ui/parameters/sampling_card.h"
#include "ui/parameters/size_card.h"

#include <QVBoxLayout>

namespace studio::ui {
ParametersPanel::ParametersPanel(RequestDraft& draft, Library& library) { buildLayout(draft, library); }

void ParametersPanel::buildLayout(RequestDraft& draft, Library& library) {
  size_ = new SizeCard(draft, library, this);
  sampling_ = new SamplingCard(draft, this);
  advanced_ = new AdvancedCard(draft, this);
  auto* cards = new QVBoxLayout(this);
  cards->setContentsMargins(0, 0, 0, 0);
  cards->setSpacing(12);
  cards->addWidget(size_);
  cards->addWidget(sampling_);
  cards->addWidget(advanced_);
}

void ParametersPanel::remember(settings::AppSettings& settings) {
  size_->setLocked(settings.sizeLocked.get());
  advanced_->setShown(settings.moreParameters.get());
  connect(size_, &SizeCard::lockedChanged, this, [&settings](bool locked) { settings.sizeLocked.set(locked); });
  connect(advanced_, &AdvancedCard::shownChanged, this,
          [&settings](bool shown) { settings.moreParameters.set(shown); });
}

void ParametersPanel::reveal(const QString& field) {
  if (advanced_->has(field)) advanced_->setShown(true);
}

}  // namespace studio::ui
