#pragma once

#include <QWidget>

namespace studio::settings {
class AppSettings;
}

namespace studio::ui {

class Library;
class RequestDraft;
class SamplingCard;
class SizeCard;

/// Size and sampling, one card above the other.
class ParametersPanel : public QWidget {
  Q_OBJECT

 public:
  ParametersPanel(RequestDraft& draft, Library& library);

  /// Restores what was open and locked, and keeps it from now on. The settings must outlive the panel.
  void remember(settings::AppSettings& settings);

 private:
  void buildLayout(RequestDraft& draft, Library& library);

  SizeCard* size_ = nullptr;
  SamplingCard* sampling_ = nullptr;
};

}  // namespace studio::ui
