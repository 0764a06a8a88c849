#include "ui/prompt/prompt_edit.h"

#include "engine/api/request_fields.h"
#include "ui/prompt/prompt_highlighter.h"
#include "ui/prompt/text_positions.h"
#include "ui/prompt/weight_edit.h"
#include "ui/style/theme_colors.h"
#include "ui/widgets/undo_keys.h"

#include <QHelpEvent>
#include <QMenu>
#include <QMimeData>
#include <QPainter>
#include <QTextBlock>
#include <QTextLayout>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace studio::ui {
namespace {

/// +1 for Ctrl+Up, -1 for Ctrl+Down, else 0.
int weightSteps(const QKeyEvent& event) {
  if ((event.modifiers() & ~Qt::KeypadModifier) != Qt::ControlModifier) return 0;
  return event.key() == Qt::Key_Up ? 1 : event.key() == Qt::Key_Down ? -1 : 0;
}

/// Items of a prompt's list end with these; an item is what people want to take back at once.
bool endsAnItem(const QString& typed) {
  static const QString kEnds = QStringLiteral(",.;|\r\n、。，");
  return typed.size() == 1 && kEnds.contains(typed.front());
}

/// How many units two texts share at their start (or, with `fromEnd`, at their end, at most `most`). Never between
/// the halves of a surrogate pair.
qsizetype sharedLength(const QString& a, const QString& b, qsizetype most, bool fromEnd) {
  const auto at = [fromEnd](const QString& text, qsizetype i) { return fromEnd ? text[text.size() - 1 - i] : text[i]; };
  qsizetype shared = 0;
  while (shared < most && at(a, shared) == at(b, shared)) ++shared;
  if (shared > 0 && (fromEnd ? at(a, shared - 1).isLowSurrogate() : at(a, shared - 1).isHighSurrogate())) --shared;
  return shared;
}

bool isControlEnter(const QKeyEvent& event) {
  const bool enter = event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter;
  return enter && event.modifiers().testFlag(Qt::ControlModifier);
}

}  // namespace

PromptEdit::PromptEdit(QWidget* parent) : QPlainTextEdit(parent), highlighter_(new PromptHighlighter(document())) {
  setUndoRedoEnabled(false);
  setTabChangesFocus(true);
  setLineWrapMode(QPlainTextEdit::WidgetWidth);
  setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  highlighter_->setPalette(palette());
  updateHeight();
}

bool PromptEdit::isComposing() const {
  const QTextLayout* layout = textCursor().block().layout();
  return layout != nullptr && !layout->preeditAreaText().isEmpty();
}

void PromptEdit::changeWeight(int steps) {
  if (isComposing() || isReadOnly()) return;
  QTextCursor cursor = textCursor();
  const TextRange selection{cursor.selectionStart(), cursor.selectionEnd()};
  const auto edit = studio::ui::changeWeight(toPlainText(), selection, steps);
  if (!edit) return;
  Q_EMIT stepEnded();
  cursor.beginEditBlock();
  cursor.setPosition(edit->replaced.start);
  cursor.setPosition(edit->replaced.end, QTextCursor::KeepAnchor);
  cursor.insertText(edit->replacement);
  cursor.endEditBlock();
  cursor.setPosition(edit->selection.start);
  cursor.setPosition(edit->selection.end, QTextCursor::KeepAnchor);
  setTextCursor(cursor);
  Q_EMIT stepEnded();
}

void PromptEdit::insertWord(const QString& word) {
  if (isComposing()) return;
  setFocus(Qt::OtherFocusReason);
  const QString text = toPlainText();
  if (hasListItem(text, word)) return;
  QTextCursor cursor = textCursor();
  cursor.setPosition(cursor.selectionEnd());
  Q_EMIT stepEnded();
  cursor.insertText(listItemAt(text, cursor.position(), word));
  setTextCursor(cursor);
  Q_EMIT stepEnded();
}

void PromptEdit::replaceText(const QString& text) {
  const QString old = toPlainText();
  const qsizetype shorter = std::min(old.size(), text.size());
  const qsizetype start = sharedLength(old, text, shorter, false);
  const qsizetype end = sharedLength(old, text, shorter - start, true);
  QTextCursor cursor(document());
  cursor.setPosition(static_cast<int>(start));
  cursor.setPosition(static_cast<int>(old.size() - end), QTextCursor::KeepAnchor);
  cursor.insertText(text.mid(start, text.size() - start - end));
}

void PromptEdit::showRange(int start, int end) {
  const int last = document()->characterCount() - 1;
  QTextCursor cursor(document());
  cursor.setPosition(std::clamp(start, 0, last));
  cursor.setPosition(std::clamp(end, 0, last), QTextCursor::KeepAnchor);
  setTextCursor(cursor);
  setFocus(Qt::OtherFocusReason);
}

void PromptEdit::replaceRange(int start, int end, const QString& text) {
  if (isComposing() || isReadOnly()) return;
  showRange(start, end);
  textCursor().insertText(text);
}

void PromptEdit::setChunkBorders(std::vector<int> positions) {
  if (positions == chunkBorders_) return;
  chunkBorders_ = std::move(positions);
  highlighter_->setSecondChunk(chunkBorders_.empty() ? -1 : chunkBorders_.front());
  viewport()->update();
}

void PromptEdit::setVisibleLines(int lines) {
  visibleLines_ = lines;
  updateHeight();
}

void PromptEdit::updateHeight() {
  const double line = QFontMetricsF(font()).lineSpacing();
  const int frame = 2 * frameWidth() + 2 * static_cast<int>(document()->documentMargin());
  setMinimumHeight(static_cast<int>(std::ceil(visibleLines_ * line)) + frame + 4);
  updateGeometry();
}

QSize PromptEdit::sizeHint() const { return {QPlainTextEdit::sizeHint().width(), minimumHeight()}; }

bool PromptEdit::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto& key = static_cast<const QKeyEvent&>(*event);
    // The weight keys are ours; Ctrl+Enter is the window's, but not before a composition is finished.
    if (weightSteps(key) != 0 || (isComposing() && isControlEnter(key))) {
      event->accept();
      return true;
    }
    if (isControlEnter(key) || isUndoKey(key)) return false;
  }
  if (event->type() == QEvent::ToolTip) {
    const auto& help = static_cast<const QHelpEvent&>(*event);
    const QString text = toolTipAt(viewport()->mapFromGlobal(help.globalPos()));
    if (!text.isEmpty()) {
      QToolTip::showText(help.globalPos(), text, this);
      return true;
    }
  }
  return QPlainTextEdit::event(event);
}

void PromptEdit::keyPressEvent(QKeyEvent* event) {
  if (const int steps = weightSteps(*event); steps != 0) {
    changeWeight(steps);
    event->accept();
    return;
  }
  if (isControlEnter(*event)) {
    event->setAccepted(isComposing());
    return;
  }
  const QString typed = event->text();
  QPlainTextEdit::keyPressEvent(event);
  if (endsAnItem(typed)) Q_EMIT stepEnded();
}

/// The standard entries for undo would be about steps that are not kept here.
void PromptEdit::contextMenuEvent(QContextMenuEvent* event) {
  QMenu* menu = createStandardContextMenu(event->pos());
  menu->setAttribute(Qt::WA_DeleteOnClose);
  for (const char* name : {"edit-undo", "edit-redo"}) {
    if (auto* action = menu->findChild<QAction*>(QLatin1String(name))) menu->removeAction(action);
  }
  if (!menu->actions().isEmpty() && menu->actions().constFirst()->isSeparator())
    menu->removeAction(menu->actions().constFirst());
  menu->popup(event->globalPos());
}

void PromptEdit::paintEvent(QPaintEvent* event) {
  QPlainTextEdit::paintEvent(event);
  if (chunkBorders_.empty()) return;
  QPainter painter(viewport());
  const ThemeColors colors = ThemeColors::of(palette());
  QTextCursor cursor(document());
  for (const int position : chunkBorders_) {
    cursor.setPosition(std::min(position, document()->characterCount() - 1));
    const QRect place = cursorRect(cursor);
    if (!place.intersects(event->rect().adjusted(-4, 0, 4, 0))) continue;
    const int x = place.x();
    painter.fillRect(QRect(x - 1, place.y(), 1, place.height()), colors.accent);
    painter.fillRect(QRect(x - 3, place.y(), 5, 2), colors.accent);
  }
}

void PromptEdit::changeEvent(QEvent* event) {
  QPlainTextEdit::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) highlighter_->setPalette(palette());
  if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) updateHeight();
}

bool PromptEdit::canInsertFromMimeData(const QMimeData* source) const {
  return !source->hasUrls() && !source->hasImage() && QPlainTextEdit::canInsertFromMimeData(source);
}

void PromptEdit::insertFromMimeData(const QMimeData* source) {
  const QString text = source->text();
  const qsizetype room = static_cast<qsizetype>(engine::kLongestPrompt) - document()->characterCount();
  Q_EMIT stepEnded();
  insertPlainText(text.left(std::max<qsizetype>(room, 0)));
  Q_EMIT stepEnded();
}

/// Underlined things explain themselves.
QString PromptEdit::toolTipAt(const QPoint& position) {
  const int at = cursorForPosition(position).position();
  const PromptSyntax& syntax = highlighter_->syntax();
  const auto near = [&](int bracket) { return at == bracket || at == bracket + 1; };
  if (std::any_of(syntax.unbalanced.begin(), syntax.unbalanced.end(), near)) {
    return tr("This bracket has no partner. To write a bracket itself, type \\( or \\).");
  }
  for (const LoraTag& tag : syntax.loras) {
    if (!tag.contains(at)) continue;
    return highlighter_->isKnownLora(tag.name) ? tr("LoRA “%1”").arg(tag.name)
                                               : tr("There is no LoRA named “%1” in your folders.").arg(tag.name);
  }
  if (const NoteMark* note = highlighter_->noteAt(at)) return note->text;
  if (std::find(chunkBorders_.begin(), chunkBorders_.end(), at) != chunkBorders_.end()) {
    return tr("Here the text encoder starts a new chunk of 75 tokens.");
  }
  return {};
}

}  // namespace studio::ui
