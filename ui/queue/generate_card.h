#pragma once

#include <QFrame>

class QLabel;
class QPushButton;

namespace studio::settings {
class AppSettings;
}

namespace studio::ui {

class GenerationSession;
class FitMeter;
class MemoryForecast;
class RequestDraft;

/// The one primary button, with what it will make; when it is grey, every reason stands above it as a link to
/// the control at fault.
class GenerateCard : public QFrame {
  Q_OBJECT

 public:
  GenerateCard(GenerationSession& session, RequestDraft& draft, MemoryForecast& forecast, QWidget* parent = nullptr);

  QPushButton* button() const { return button_; }

 Q_SIGNALS:
  /// A reason was clicked: the control of this field (an id of request_fields.h) should get the focus.
  void fieldWanted(const QString& field);

 private:
  void buildLayout();
  void connectSignals();
  void updateOwnOptions();
  void updateReasons();
  void updateSummary();

  GenerationSession& session_;
  RequestDraft& draft_;
  MemoryForecast& forecast_;
  QLabel* summary_ = nullptr;
  FitMeter* fit_ = nullptr;
  QLabel* own_ = nullptr;
  QLabel* reasons_ = nullptr;
  QPushButton* button_ = nullptr;
};

}  // namespace studio::ui
