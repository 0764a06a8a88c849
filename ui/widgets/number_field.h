#pragma once

#include "ui/widgets/undo_keys.h"

#include <QDoubleSpinBox>
#include <QKeyEvent>
#include <QLocale>
#include <QSpinBox>

#include <algorithm>
#include <optional>

namespace studio::ui {

/// A spin box that lets any number be typed and brings it into its range when typing ends; Qt's own swallows digits
/// and falls back to the former value. Undo is the window's unless something is being typed.
template <class SpinBox>
class NumberField : public SpinBox {
 public:
  using SpinBox::SpinBox;

  QValidator::State validate(QString& text, int& position) const override {
    const QValidator::State state = SpinBox::validate(text, position);
    const bool isNumber = text.size() <= kLongestText && read(text);
    return state == QValidator::Invalid && isNumber ? QValidator::Intermediate : state;
  }

  void fixup(QString& text) const override {
    if (const auto number = read(text)) {
      const double within = std::clamp(*number, double(this->minimum()), double(this->maximum()));
      text = this->prefix() + this->textFromValue(static_cast<decltype(this->value())>(within)) + this->suffix();
    } else {
      SpinBox::fixup(text);
    }
  }

 protected:
  bool event(QEvent* event) override {
    const bool isTyping = this->cleanText() != this->textFromValue(this->value());
    if (event->type() == QEvent::ShortcutOverride && !isTyping && isUndoKey(static_cast<const QKeyEvent&>(*event)))
      return false;
    return SpinBox::event(event);
  }

 private:
  static constexpr qsizetype kLongestText = 12;

  std::optional<double> read(QString text) const {
    if (!this->suffix().isEmpty() && text.endsWith(this->suffix())) text.chop(this->suffix().size());
    if (text.startsWith(this->prefix())) text.remove(0, this->prefix().size());
    bool ok = false;
    const double number = this->locale().toDouble(text.trimmed(), &ok);
    return ok ? std::optional(number) : std::nullopt;
  }
};

using WholeNumberField = NumberField<QSpinBox>;
using DecimalField = NumberField<QDoubleSpinBox>;

}  // namespace studio::ui
