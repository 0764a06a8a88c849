#include "ui/bridge/choice_names.h"

#include <QCoreApplication>

#include <string>

namespace studio::ui {
namespace {

/// The engine knows no Qt, so what can be translated of its labels is named here once more.
[[maybe_unused]] constexpr const char* kLabels[] = {
    QT_TRANSLATE_NOOP("ChoiceNames", "Automatic"),
    QT_TRANSLATE_NOOP("ChoiceNames", "Original"),
    QT_TRANSLATE_NOOP("ChoiceNames", "No norm"),
    QT_TRANSLATE_NOOP("ChoiceNames", "Ignore"),
    QT_TRANSLATE_NOOP("ChoiceNames", "None"),
    QT_TRANSLATE_NOOP("ChoiceNames", "Keep"),
    QT_TRANSLATE_NOOP("ChoiceNames", "Discard"),
    QT_TRANSLATE_NOOP("ChoiceNames", "On"),
    QT_TRANSLATE_NOOP("ChoiceNames", "Off"),
    QT_TRANSLATE_NOOP("ChoiceNames", "Epsilon"),
    QT_TRANSLATE_NOOP("ChoiceNames", "A1111 (CPU noise)"),
    QT_TRANSLATE_NOOP("ChoiceNames", "A1111 (NV noise)"),
    QT_TRANSLATE_NOOP("ChoiceNames", "A1111 (GPU noise)"),
    QT_TRANSLATE_NOOP("ChoiceNames", "v-prediction"),
};

}  // namespace

QString choiceName(std::string_view label) {
  return QCoreApplication::translate("ChoiceNames", std::string(label).c_str());
}

}  // namespace studio::ui
