#pragma once

#include "ui/widgets/panel_frame.h"

#include <string_view>

class QComboBox;
class QGridLayout;
class QLabel;
class QToolButton;

namespace studio::ui {

class RequestDraft;
class SeedField;
class SliderField;

/// The card for how the picture is walked to: steps, guidance, sampler, scheduler, seed, batches, and behind
/// "More" what is rarely touched.
class SamplingCard : public PanelFrame {
  Q_OBJECT

 public:
  explicit SamplingCard(RequestDraft& draft, QWidget* parent = nullptr);

  bool isMoreShown() const;
  void setMoreShown(bool shown);

 Q_SIGNALS:
  void moreShownChanged(bool shown);

 private:
  void buildLayout();
  void buildMore();
  QWidget* buildAlgorithms();
  SliderField* buildSlider(std::string_view field, double sliderMinimum, double sliderMaximum, int decimals);
  void alignLabels();
  void connectSignals();
  void connectSliders();
  void showRequest();

  RequestDraft& draft_;
  SliderField* steps_ = nullptr;
  SliderField* guidance_ = nullptr;
  QLabel* samplerLabel_ = nullptr;
  QComboBox* sampler_ = nullptr;
  QComboBox* scheduler_ = nullptr;
  SeedField* seed_ = nullptr;
  SliderField* batchSize_ = nullptr;
  SliderField* batchCount_ = nullptr;
  QToolButton* moreButton_ = nullptr;
  QWidget* more_ = nullptr;
  SliderField* clipSkip_ = nullptr;
  QLabel* predictionLabel_ = nullptr;
  QComboBox* prediction_ = nullptr;
};

}  // namespace studio::ui
