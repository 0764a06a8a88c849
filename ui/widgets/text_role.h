#pragma once

class QString;
class QWidget;

namespace studio::ui {

/// What a piece of text is; the style sheet gives size, weight and colour. The default needs no call.
enum class TextRole { Base, SectionTitle, Title, Muted, SmallMuted, Good, Warning, Bad };

/// May be called again when the role changes (a verdict turning from good to warning).
void setTextRole(QWidget* widget, TextRole role);

/// A section's title in capitals; words with capitals of their own ("LoRA") stay as they are.
QString inCapitals(const QString& title);

/// The two kinds of buttons besides the ordinary one: Primary (one a window) and Flat (toolbars, inside panels).
enum class ButtonRole { Ordinary, Primary, Flat };
void setButtonRole(QWidget* button, ButtonRole role);

}  // namespace studio::ui
