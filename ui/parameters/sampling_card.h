#pragma once

#include "ui/widgets/panel_frame.h"

#include <string_view>

class QComboBox;
class QGridLayout;
class QLabel;

namespace studio::ui {

class RequestDraft;
class SeedField;
class SliderField;

/// The card for how the picture is walked to: steps, guidance, sampler, scheduler, seed, batches.
class SamplingCard : public PanelFrame {
  Q_OBJECT

 public:
  explicit SamplingCard(RequestDraft& draft, QWidget* parent = nullptr);

 private:
  void buildLayout();
  QWidget* buildAlgorithms();
  SliderField* buildSlider(std::string_view field, double sliderMinimum, double sliderMaximum, int decimals);
  void alignLabels();
  void connectSignals();
  void connectSliders();
  void showRequest();
  void showUse();

  RequestDraft& draft_;
  SliderField* steps_ = nullptr;
  SliderField* guidance_ = nullptr;
  QLabel* samplerLabel_ = nullptr;
  QComboBox* sampler_ = nullptr;
  QComboBox* scheduler_ = nullptr;
  SeedField* seed_ = nullptr;
  SliderField* batchSize_ = nullptr;
  SliderField* batchCount_ = nullptr;
};

}  // namespace studio::ui
