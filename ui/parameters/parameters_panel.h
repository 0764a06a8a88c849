#pragma once

#include <QWidget>

namespace studio::settings {
class AppSettings;
}

namespace studio::ui {

class AdvancedCard;
class Library;
class RequestDraft;
class SamplingCard;
class SizeCard;

/// Size, sampling and what is rarely touched, one card above the other.
class ParametersPanel : public QWidget {
  Q_OBJECT

 public:
  ParametersPanel(RequestDraft& draft, Library& library);

  /// Restores what was open and locked, and keeps it from now on. The settings must outlive the panel.
  void remember(settings::AppSettings& settings);

  /// Unfolds what hides the control of this field (an id of request_fields.h).
  void reveal(const QString& field);

 private:
  void buildLayout(RequestDraft& draft, Library& library);

  SizeCard* size_ = nullptr;
  SamplingCard* sampling_ = nullptr;
  AdvancedCard* advanced_ = nullptr;
};

}  // namespace studio::ui
