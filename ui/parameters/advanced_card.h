#pragma once

#include "ui/parameters/advanced_fields.h"
#include "ui/widgets/panel_frame.h"

#include <vector>

class QPushButton;
class QToolButton;

namespace studio::ui {

class FieldRow;
class RequestDraft;

/// The card for what is rarely touched: every field of a request that no other card shows. Folded away it still says
/// how many differ from their defaults, and takes them all back at one click.
class AdvancedCard : public PanelFrame {
  Q_OBJECT

 public:
  explicit AdvancedCard(RequestDraft& draft, QWidget* parent = nullptr);

  bool isShown() const;
  void setShown(bool shown);
  /// Whether the card has the control of this field (an id of request_fields.h).
  bool has(const QString& field) const;

 Q_SIGNALS:
  void shownChanged(bool shown);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void buildLayout();
  void buildHeader();
  void buildRows();
  void alignLabels();
  void connectSignals();
  void showRequest();
  void resetAll();
  static QString groupName(FieldGroup group);

  RequestDraft& draft_;
  QToolButton* fold_ = nullptr;
  QPushButton* reset_ = nullptr;
  QWidget* body_ = nullptr;
  std::vector<FieldRow*> rows_;
};

}  // namespace studio::ui
