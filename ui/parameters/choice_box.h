#pragma once

#include "engine/api/choices.h"
#include "ui/bridge/text.h"
#include "ui/widgets/wheel_guard.h"

#include <QComboBox>
#include <QSignalBlocker>

namespace studio::ui {

/// Fills a combo box from a table of choices.h; the item's place is the table's. `name` gives the shown text.
template <class Enum, class Name>
void fillChoices(QComboBox* box, Name name) {
  for (const auto& choice : engine::choicesOf(Enum{})) box->addItem(name(choice));
  box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  guardWheel(box);
}

/// The names of algorithms are names and stay as they are in every language.
template <class Enum>
void fillChoices(QComboBox* box) {
  fillChoices<Enum>(box, [](const engine::Choice<Enum>& choice) { return toQString(choice.label); });
}

template <class Enum>
Enum chosen(const QComboBox* box) {
  return engine::choicesOf(Enum{})[static_cast<std::size_t>(box->currentIndex())].value;
}

template <class Enum>
void showChoice(QComboBox* box, Enum value) {
  const QSignalBlocker quiet(box);
  const auto& choices = engine::choicesOf(Enum{});
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (choices[i].value == value) box->setCurrentIndex(static_cast<int>(i));
  }
}

}  // namespace studio::ui
