#include "ui/parameters/sampling_card.h"

#include "engine/api/field_use.h"
#include "ui/bridge/engine_words.h"
#include "ui/bridge/field_names.h"
#include "ui/bridge/request_draft.h"
#include "ui/parameters/choice_box.h"
#include "ui/parameters/field_range.h"
#include "ui/parameters/seed_field.h"
#include "ui/widgets/slider_field.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace studio::ui {
namespace {

using engine::GenerationRequest;

/// Where sliders end; more can be typed. Within these nearly everyone stays.
constexpr double kSliderSteps = 60;
constexpr double kSliderGuidance = 15;
constexpr double kSliderBatchSize = 8;
constexpr double kSliderBatchCount = 16;

/// Eight rows fit beside a picture on a small screen only if they stand close.
constexpr int kRowGap = 5;

int whole(double value) { return static_cast<int>(std::lround(value)); }

}  // namespace

SamplingCard::SamplingCard(RequestDraft& draft, QWidget* parent) : PanelFrame(tr("Sampling"), parent), draft_(draft) {
  buildLayout();
  connectSignals();
  showRequest();
}

void SamplingCard::buildLayout() {
  content()->setSpacing(kRowGap);
  steps_ = buildSlider("steps", 1, kSliderSteps, 0);
  guidance_ = buildSlider("guidance_scale", 1, kSliderGuidance, 2);
  guidance_->setToolTip(tr("How strongly the prompt is followed. 1 switches guidance off and is twice as fast."));
  QWidget* algorithms = buildAlgorithms();  // in the order the keyboard goes
  seed_ = new SeedField(draft_, this);
  batchSize_ = buildSlider("batch_size", 1, kSliderBatchSize, 0);
  batchSize_->setToolTip(tr("Pictures made side by side: needs more memory"));
  batchCount_ = buildSlider("batch_count", 1, kSliderBatchCount, 0);
  batchCount_->setToolTip(tr("How often in a row: needs more time"));

  content()->addWidget(steps_);
  content()->addWidget(guidance_);
  content()->addWidget(algorithms);
  content()->addWidget(seed_);
  content()->addWidget(batchSize_);
  content()->addWidget(batchCount_);
  alignLabels();
}

SliderField* SamplingCard::buildSlider(std::string_view field, double sliderMinimum, double sliderMaximum,
                                       int decimals) {
  const engine::FieldInfo info = fieldInfo(field);
  auto* slider = new SliderField(fieldName(field),
                                 {info.minimum, info.maximum, sliderMinimum, sliderMaximum, info.step, decimals}, this);
  slider->setObjectName(QString::fromLatin1(field.data(), static_cast<qsizetype>(field.size())));
  return slider;
}

QWidget* SamplingCard::buildAlgorithms() {
  auto* row = new QWidget(this);
  samplerLabel_ = new QLabel(fieldName("sampler"), row);
  sampler_ = new QComboBox(row);
  sampler_->setObjectName(QStringLiteral("sampler"));
  sampler_->setAccessibleName(fieldName("sampler"));
  sampler_->setToolTip(tr("The algorithm that removes the noise. DPM++ 2M is a good start."));
  fillChoices<engine::Sampler>(sampler_);
  scheduler_ = new QComboBox(row);
  scheduler_->setObjectName(QStringLiteral("scheduler"));
  scheduler_->setAccessibleName(fieldName("scheduler"));
  fillChoices<engine::Schedule>(scheduler_);
  samplerLabel_->setBuddy(sampler_);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(8);
  layout->addWidget(samplerLabel_);
  layout->addWidget(sampler_, 1);
  layout->addWidget(scheduler_, 1);
  return row;
}

void SamplingCard::alignLabels() {
  int width = std::max(samplerLabel_->sizeHint().width(), seed_->labelWidth());
  for (const SliderField* row : {steps_, guidance_, batchSize_, batchCount_}) {
    width = std::max(width, row->labelWidth());
  }
  for (SliderField* row : {steps_, guidance_, batchSize_, batchCount_}) row->setLabelWidth(width);
  samplerLabel_->setMinimumWidth(width);
  seed_->setLabelWidth(width);
}

void SamplingCard::connectSignals() {
  connectSliders();
  connect(sampler_, &QComboBox::activated, this, [this] {
    draft_.edit([this](GenerationRequest& request) { request.sampler = chosen<engine::Sampler>(sampler_); },
                fieldName("sampler"));
  });
  connect(scheduler_, &QComboBox::activated, this, [this] {
    draft_.edit([this](GenerationRequest& request) { request.schedule = chosen<engine::Schedule>(scheduler_); },
                fieldName("scheduler"));
  });
  connect(&draft_, &RequestDraft::changed, this, &SamplingCard::showRequest);
}

void SamplingCard::connectSliders() {
  connect(steps_, &SliderField::edited, this, [this](double value) {
    draft_.edit([value](GenerationRequest& request) { request.steps = whole(value); }, fieldName("steps"));
  });
  connect(guidance_, &SliderField::edited, this, [this](double value) {
    draft_.edit([value](GenerationRequest& request) { request.guidanceScale = value; }, fieldName("guidance_scale"));
  });
  connect(batchSize_, &SliderField::edited, this, [this](double value) {
    draft_.edit([value](GenerationRequest& request) { request.batchSize = whole(value); }, fieldName("batch_size"));
  });
  connect(batchCount_, &SliderField::edited, this, [this](double value) {
    draft_.edit([value](GenerationRequest& request) { request.batchCount = whole(value); }, fieldName("batch_count"));
  });
}

void SamplingCard::showRequest() {
  const GenerationRequest& request = draft_.request();
  steps_->setValue(request.steps);
  guidance_->setValue(request.guidanceScale);
  batchSize_->setValue(request.batchSize);
  batchCount_->setValue(request.batchCount);
  showChoice(sampler_, request.sampler);
  showChoice(scheduler_, request.schedule);
  showUse();
}

/// Steps and scheduler are grey while other settings take their place; the tooltip says which.
void SamplingCard::showUse() {
  const auto show = [this](QWidget* control, std::string_view field, const QString& help) {
    const auto reason = engine::whyIgnored(field, draft_.request());
    control->setEnabled(!reason);
    control->setToolTip(reason ? inWords(*reason) : help);
  };
  show(steps_, "steps", tr("How many steps remove the noise. More take longer; past 30 little changes."));
  show(scheduler_, "scheduler",
       tr("Scheduler: how the noise levels are spaced over the steps. Karras is a good start."));
}

}  // namespace studio::ui
