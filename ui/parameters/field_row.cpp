#include "ui/parameters/field_row.h"

#include "engine/api/field_use.h"
#include "engine/api/image_io.h"
#include "ui/bridge/choice_names.h"
#include "ui/bridge/engine_words.h"
#include "ui/bridge/field_names.h"
#include "ui/bridge/request_draft.h"
#include "ui/bridge/text.h"
#include "ui/parameters/choice_box.h"
#include "ui/style/icon_set.h"
#include "ui/widgets/slider_field.h"
#include "ui/widgets/text_role.h"
#include "ui/widgets/undo_keys.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>

namespace studio::ui {
namespace {

using engine::GenerationRequest;

/// Enough digits for the step and for what other programs write.
int decimalsFor(double step) { return step < 0.01 ? 3 : 2; }

/// The member of this id, if it is of the type that `use` takes.
template <class Request, class Use>
void withMember(Request& request, std::string_view id, Use use) {
  engine::visitFields(request, [&](const engine::FieldInfo& info, auto& member) {
    if constexpr (std::is_invocable_v<Use, decltype(member)>) {
      if (info.id == id) use(member);
    }
  });
}

}  // namespace

FieldRow::FieldRow(const AdvancedField& field, RequestDraft& draft, QWidget* parent)
    : QWidget(parent), field_(field), draft_(draft) {
  buildLayout();
  showRequest();
}

void FieldRow::buildLayout() {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(4);
  engine::visitFields(draft_.request(), [this](const engine::FieldInfo& info, const auto& member) {
    using Value = std::decay_t<decltype(member)>;
    if (info.id != field_.info.id) return;
    if constexpr (std::is_enum_v<Value>) buildChoices<Value>();
    if constexpr (std::is_same_v<Value, std::string>) buildText();
    if constexpr (std::is_same_v<Value, int> || std::is_same_v<Value, double>) buildNumber(std::is_same_v<Value, int>);
  });
  buildEditor(row);
  buildReset(row);
}

void FieldRow::buildEditor(QHBoxLayout* row) {
  editor_->setObjectName(toQString(id()));
  if (slider_ == nullptr) {
    label_ = new QLabel(fieldName(id()), this);
    label_->setBuddy(editor_);
    editor_->setAccessibleName(fieldName(id()));
    row->addWidget(label_);
    row->addSpacing(4);
  }
  row->addWidget(editor_, 1);
}

void FieldRow::buildNumber(bool whole) {
  const engine::FieldInfo& info = field_.info;
  slider_ = new SliderField(
      fieldName(id()),
      {info.minimum, info.maximum, info.minimum, field_.sliderMaximum, info.step, whole ? 0 : decimalsFor(info.step)},
      this);
  editor_ = slider_;
  connect(slider_, &SliderField::edited, this, [this, whole](double value) {
    if (whole) {
      write(static_cast<int>(std::lround(value)));
    } else {
      write(value);
    }
  });
  showValue_ = [this](const GenerationRequest& request) {
    withMember(request, id(), [this](const int& value) { slider_->setValue(value); });
    withMember(request, id(), [this](const double& value) { slider_->setValue(value); });
  };
}

template <class Enum>
void FieldRow::buildChoices() {
  auto* box = new QComboBox(this);
  fillChoices<Enum>(box, [](const engine::Choice<Enum>& choice) { return choiceName(choice.label); });
  connect(box, &QComboBox::activated, this, [this, box] { write(chosen<Enum>(box)); });
  showValue_ = [this, box](const GenerationRequest& request) {
    withMember(request, id(), [box](const Enum& value) { showChoice(box, value); });
  };
  editor_ = box;
}

void FieldRow::buildText() {
  auto* line = new QLineEdit(this);
  leaveUndoToWindow(line);
  connect(line, &QLineEdit::textEdited, this, [this](const QString& text) { write(toUtf8(text)); });
  showValue_ = [this, line](const GenerationRequest& request) {
    withMember(request, id(), [line](const std::string& value) {
      if (toUtf8(line->text()) != value) line->setText(toQString(value));
    });
  };
  editor_ = line;
}

/// The button keeps its place while it is hidden: nothing jumps when a value changes.
void FieldRow::buildReset(QHBoxLayout* row) {
  reset_ = new QPushButton(this);
  setButtonRole(reset_, ButtonRole::Flat);
  reset_->setObjectName(QStringLiteral("reset"));
  reset_->setIcon(themeIcon(QStringLiteral("reset"), palette()));
  reset_->setToolTip(tr("Reset “%1” to the default").arg(fieldName(id())));
  reset_->setAccessibleName(reset_->toolTip());
  QSizePolicy policy = reset_->sizePolicy();
  policy.setRetainSizeWhenHidden(true);
  reset_->setSizePolicy(policy);
  row->addWidget(reset_);
  connect(reset_, &QPushButton::clicked, this, [this] {
    editor_->setFocus(Qt::OtherFocusReason);  // the button goes away; the focus must not jump
    draft_.apply({GenerationRequest(), {std::string(id())}}, fieldName(id()));
  });
}

template <class Value>
void FieldRow::write(const Value& value) {
  draft_.edit(
      [&](GenerationRequest& request) { withMember(request, id(), [&value](Value& member) { member = value; }); },
      fieldName(id()));
}

void FieldRow::showRequest() {
  showValue_(draft_.request());
  const auto different = engine::differingFields(draft_.request(), GenerationRequest());
  changed_ = std::find(different.begin(), different.end(), id()) != different.end();
  reset_->setVisible(changed_);
  showUse();
}

void FieldRow::showUse() {
  const auto reason = engine::whyIgnored(id(), draft_.request());
  const QString why = reason ? inWords(*reason) : QString();
  const QString help = fieldHelp(id());
  setToolTip(why.isEmpty() ? help : QStringLiteral("%1\n\n%2").arg(why, help));
  editor_->setEnabled(why.isEmpty());
  QWidget* focused = editor_->focusProxy() != nullptr ? editor_->focusProxy() : editor_;
  focused->setAccessibleDescription(toolTip());
  editor_->setWhatsThis(help);
  if (label_ != nullptr) label_->setEnabled(why.isEmpty());
}

int FieldRow::labelWidth() const { return slider_ != nullptr ? slider_->labelWidth() : label_->sizeHint().width(); }

void FieldRow::setLabelWidth(int width) {
  if (slider_ != nullptr) {
    slider_->setLabelWidth(width);
  } else {
    label_->setMinimumWidth(width);
  }
}

/// Icons take the colours of a new theme.
void FieldRow::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange && reset_ != nullptr)
    reset_->setIcon(themeIcon(QStringLiteral("reset"), palette()));
  QWidget::changeEvent(event);
}

}  // namespace studio::ui
