#include "ui/parameters/parameters_panel.h"

#include "settings/app_settings.h"
#include "ui/parameters/sampling_card.h"
#include "ui/parameters/size_card.h"

#include <QVBoxLayout>

namespace studio::ui {
ParametersPanel::ParametersPanel(RequestDraft& draft, Library& library) { buildLayout(draft, library); }

void ParametersPanel::buildLayout(RequestDraft& draft, Library& library) {
  size_ = new SizeCard(draft, library, this);
  sampling_ = new SamplingCard(draft, this);
  auto* cards = new QVBoxLayout(this);
  cards->setContentsMargins(0, 0, 0, 0);
  cards->setSpacing(12);
  cards->addWidget(size_);
  cards->addWidget(sampling_);
}

void ParametersPanel::remember(settings::AppSettings& settings) {
  size_->setLocked(settings.sizeLocked.get());
  sampling_->setMoreShown(settings.moreParameters.get());
  connect(size_, &SizeCard::lockedChanged, this, [&settings](bool locked) { settings.sizeLocked.set(locked); });
  connect(sampling_, &SamplingCard::moreShownChanged, this,
          [&settings](bool shown) { settings.moreParameters.set(shown); });
}

}  // namespace studio::ui
