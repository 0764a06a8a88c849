#pragma once

#include "ui/parameters/advanced_fields.h"

#include <QWidget>

#include <functional>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace studio::ui {

class RequestDraft;
class SliderField;

/// One field of a request, made from its FieldInfo alone: name, a control that suits its type, and a button back to
/// the default. Greyed, with the reason, where the rest of the request leaves the field without effect.
class FieldRow : public QWidget {
  Q_OBJECT

 public:
  FieldRow(const AdvancedField& field, RequestDraft& draft, QWidget* parent = nullptr);

  std::string_view id() const { return field_.info.id; }
  bool isChanged() const { return changed_; }
  int labelWidth() const;
  void setLabelWidth(int width);
  void showRequest();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void buildLayout();
  void buildEditor(QHBoxLayout* row);
  void buildNumber(bool whole);
  template <class Enum>
  void buildChoices();
  void buildText();
  void buildReset(QHBoxLayout* row);
  void showUse();
  template <class Value>
  void write(const Value& value);

  AdvancedField field_;
  RequestDraft& draft_;
  QWidget* editor_ = nullptr;
  QLabel* label_ = nullptr;        ///< of all but numbers, which bring their own
  SliderField* slider_ = nullptr;  ///< of numbers; the same as editor_
  QPushButton* reset_ = nullptr;
  std::function<void(const engine::GenerationRequest&)> showValue_;
  bool changed_ = false;
};

}  // namespace studio::ui
