#include "ui/main_window/restore_panel.h"

#include "engine/api/text_diff.h"
#include "ui/bridge/field_names.h"
#include "ui/bridge/request_draft.h"
#include "ui/bridge/text.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QListWidget>
#include <QPushButton>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <algorithm>

namespace studio::ui {
namespace {

constexpr int kMostRows = 4;  ///< of the list before it scrolls
constexpr int kChangesHeight = 76;

/// Removed words are struck out, new ones bold and underlined: it is not said by colour.
QString asHtml(const engine::PromptChange& change) {
  QString html;
  for (const engine::DiffPiece& piece : engine::diffOf(change.original, change.translated)) {
    const QString text = toQString(piece.text).toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>"));
    if (piece.kind == engine::DiffKind::Same) html += text;
    if (piece.kind == engine::DiffKind::Removed) html += QStringLiteral("<s>%1</s>").arg(text);
    if (piece.kind == engine::DiffKind::Added) html += QStringLiteral("<b><u>%1</u></b>").arg(text);
  }
  return html;
}

}  // namespace

RestorePanel::RestorePanel(PictureRestorer& restorer, RequestDraft& draft, QWidget* parent)
    : PanelFrame(tr("Settings from a picture"), parent), restorer_(restorer), draft_(draft) {
  setObjectName(QStringLiteral("restorePanel"));
  setAccessibleName(tr("Settings from a picture"));
  buildLayout();
  connectSignals();
  hide();
}

void RestorePanel::buildLayout() {
  list_ = new QListWidget(this);
  list_->setObjectName(QStringLiteral("restoreNotes"));
  list_->setAccessibleName(tr("What could not be taken over as it was"));
  list_->setWordWrap(true);
  list_->setSelectionMode(QAbstractItemView::NoSelection);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  changes_ = new QTextBrowser(this);
  changes_->setObjectName(QStringLiteral("promptChanges"));
  changes_->setAccessibleName(tr("How the prompts were translated"));
  changes_->setToolTip(tr("Struck out: words of the original. Underlined: what stands there now."));
  changes_->setOpenLinks(false);
  changes_->setTabChangesFocus(true);
  changes_->setFixedHeight(kChangesHeight);
  originals_ = new QPushButton(tr("Use the original wording"), this);
  originals_->setToolTip(tr("Put the prompts back as the other program wrote them"));
  close_ = new QPushButton(tr("Close"), this);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addWidget(originals_);
  buttons->addStretch(1);
  buttons->addWidget(close_);
  content()->addWidget(list_);
  content()->addWidget(changes_);
  content()->addLayout(buttons);
}

void RestorePanel::connectSignals() {
  connect(&restorer_, &PictureRestorer::restored, this,
          [this](const std::filesystem::path&, const RestoreReport& report) { showReport(report); });
  connect(originals_, &QPushButton::clicked, this, &RestorePanel::useOriginals);
  connect(close_, &QPushButton::clicked, this, &QWidget::hide);
}

void RestorePanel::showReport(const RestoreReport& report) {
  report_ = report;
  setNote(report_.source);
  fillList();
  fillChanges();
  setVisible(list_->count() > 0 || !report_.promptChanges.empty());
}

void RestorePanel::fillList() {
  list_->clear();
  for (const QString& name : report_.missing) list_->addItem(tr("Not in your folders: %1").arg(name));
  list_->addItems(report_.notes);
  const int rows = std::min(list_->count(), kMostRows);
  list_->setFixedHeight(rows * (fontMetrics().height() + 6) + 2 * list_->frameWidth());
  list_->setVisible(list_->count() > 0);
}

void RestorePanel::fillChanges() {
  QString html;
  for (const engine::PromptChange& change : report_.promptChanges) {
    html += QStringLiteral("<p>%1: %2</p>").arg(fieldName(change.field).toHtmlEscaped(), asHtml(change));
  }
  changes_->setHtml(html);
  changes_->setVisible(!html.isEmpty());
  originals_->setVisible(!html.isEmpty());
}

/// One undo step brings the translation back.
void RestorePanel::useOriginals() {
  engine::RequestPatch patch;
  for (const engine::PromptChange& change : report_.promptChanges) {
    const bool negative = change.field == "negative_prompt";
    (negative ? patch.values.negativePrompt : patch.values.prompt) = change.original;
    patch.present.push_back(change.field);
  }
  draft_.apply(patch, tr("Original wording"));
}

/// The list's height follows the font.
void RestorePanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange && list_ != nullptr) fillList();
  PanelFrame::changeEvent(event);
}

}  // namespace studio::ui
