#include "ui/parameters/sampling_card.h"

#include "ui/bridge/field_names.h"
#include "ui/bridge/request_draft.h"
#include "ui/parameters/choice_box.h"
#include "ui/parameters/field_range.h"
#include "ui/parameters/seed_field.h"
#include "ui/widgets/slider_field.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
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
  setMoreShown(false);
  showRequest();
}

void SamplingCard::buildLayout() {
  content()->setSpacing(kRowGap);
  steps_ = buildSlider("steps", 1, kSliderSteps, 0);
  steps_->setToolTip(tr("How many steps remove the noise. More take longer; past 30 little changes."));
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
  buildMore();
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
  scheduler_->setToolTip(tr("Scheduler: how the noise levels are spaced over the steps. Karras is a good start."));
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

void SamplingCard::buildMore() {
  moreButton_ = new QToolButton(this);
  moreButton_->setText(tr("More"));
  moreButton_->setCheckable(true);
  moreButton_->setAutoRaise(true);
  moreButton_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  moreButton_->setToolTip(tr("CLIP skip and prediction type"));
  more_ = new QWidget(this);
  clipSkip_ = buildSlider("clip_skip", fieldInfo("clip_skip").minimum, fieldInfo("clip_skip").maximum, 0);
  clipSkip_->setToolTip(tr("1 uses the text encoder's last layer, 2 the one before. Some anime models want 2."));
  predictionLabel_ = new QLabel(fieldName("prediction"), more_);
  prediction_ = new QComboBox(more_);
  prediction_->setObjectName(QStringLiteral("prediction"));
  prediction_->setAccessibleName(fieldName("prediction"));
  prediction_->setToolTip(
      tr("What the network predicts. Automatic asks the model file; change it only if pictures are noise."));
  fillChoices<engine::PredictionType>(prediction_, [](const auto& choice) {
    return choice.value == engine::PredictionType::Automatic ? tr("Automatic") : toQString(choice.label);
  });
  predictionLabel_->setBuddy(prediction_);

  auto* predictionRow = new QHBoxLayout;
  predictionRow->setSpacing(8);
  predictionRow->addWidget(predictionLabel_);
  predictionRow->addWidget(prediction_, 1);
  auto* rows = new QVBoxLayout(more_);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(8);
  rows->addWidget(clipSkip_);
  rows->addLayout(predictionRow);
  content()->addWidget(moreButton_, 0, Qt::AlignLeft);
  content()->addWidget(more_);
}

void SamplingCard::alignLabels() {
  int width = std::max(samplerLabel_->sizeHint().width(), seed_->labelWidth());
  for (const SliderField* row : {steps_, guidance_, batchSize_, batchCount_, clipSkip_}) {
    width = std::max(width, row->labelWidth());
  }
  for (SliderField* row : {steps_, guidance_, batchSize_, batchCount_, clipSkip_}) row->setLabelWidth(width);
  samplerLabel_->setMinimumWidth(width);
  predictionLabel_->setMinimumWidth(width);
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
  connect(prediction_, &QComboBox::activated, this, [this] {
    draft_.edit(
        [this](GenerationRequest& request) { request.prediction = chosen<engine::PredictionType>(prediction_); },
        fieldName("prediction"));
  });
  connect(moreButton_, &QToolButton::toggled, this, &SamplingCard::setMoreShown);
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
  connect(clipSkip_, &SliderField::edited, this, [this](double value) {
    draft_.edit([value](GenerationRequest& request) { request.clipSkip = whole(value); }, fieldName("clip_skip"));
  });
}

void SamplingCard::showRequest() {
  const GenerationRequest& request = draft_.request();
  steps_->setValue(request.steps);
  guidance_->setValue(request.guidanceScale);
  batchSize_->setValue(request.batchSize);
  batchCount_->setValue(request.batchCount);
  clipSkip_->setValue(request.clipSkip);
  showChoice(sampler_, request.sampler);
  showChoice(scheduler_, request.schedule);
  showChoice(prediction_, request.prediction);
}

bool SamplingCard::isMoreShown() const { return moreButton_->isChecked(); }

void SamplingCard::setMoreShown(bool shown) {
  const bool changed = more_->isVisibleTo(this) != shown;
  more_->setVisible(shown);
  moreButton_->setChecked(shown);
  moreButton_->setArrowType(shown ? Qt::DownArrow : Qt::RightArrow);
  if (changed) Q_EMIT
  moreShownChanged(shown);
}

}  // namespace studio::ui
