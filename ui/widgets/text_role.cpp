#include "ui/widgets/text_role.h"

#include <QStringList>
#include <QStyle>
#include <QVariant>
#include <QWidget>

#include <algorithm>

namespace studio::ui {
namespace {

const char* roleWord(TextRole role) {
  switch (role) {
    case TextRole::Base:
      return "base";
    case TextRole::SectionTitle:
      return "section-title";
    case TextRole::Title:
      return "title";
    case TextRole::Muted:
      return "muted";
    case TextRole::SmallMuted:
      return "small-muted";
    case TextRole::Good:
      return "good";
    case TextRole::Warning:
      return "warning";
    case TextRole::Bad:
      return "bad";
  }
  return "base";
}

const char* roleWord(ButtonRole role) {
  switch (role) {
    case ButtonRole::Ordinary:
      return "ordinary";
    case ButtonRole::Primary:
      return "primary";
    case ButtonRole::Flat:
      return "flat";
  }
  return "ordinary";
}

/// A style sheet reads dynamic properties only when it is polished.
void setStyleProperty(QWidget* widget, const char* name, const char* word) {
  const QString value = QString::fromLatin1(word);
  if (widget->property(name).toString() == value) return;
  widget->setProperty(name, value);
  widget->style()->unpolish(widget);
  widget->style()->polish(widget);
}

bool hasCapitalsOfItsOwn(const QString& word) {
  return word.size() > 1 && std::any_of(word.begin() + 1, word.end(), [](QChar c) { return c.isUpper(); });
}

}  // namespace

void setTextRole(QWidget* widget, TextRole role) { setStyleProperty(widget, "textRole", roleWord(role)); }

void setButtonRole(QWidget* button, ButtonRole role) { setStyleProperty(button, "buttonRole", roleWord(role)); }

QString inCapitals(const QString& title) {
  QStringList words = title.split(u' ');
  for (QString& word : words) {
    if (!hasCapitalsOfItsOwn(word)) word = word.toUpper();
  }
  return words.join(u' ');
}

}  // namespace studio::ui
