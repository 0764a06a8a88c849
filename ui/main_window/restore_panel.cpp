#include "ui/main_window/restore_panel.h"

#include "engine/api/text_diff.h"
#include "ui/bridge/field_names.h"
#include "ui/bridge/request_draft.h"
#include "ui/bridge/text.h"
#include "ui/queue/durations.h"
#include "ui/widgets/text_role.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <algorithm>

namespace studio::ui {
namespace {

constexpr int kMostRows = 4;  ///< of the list before it scrolls
constexpr int kChangesHeight = 76;
constexpr int kBarSteps = 1000;

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
  search_ = buildSearch();
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
  content()->addWidget(search_);
  content()->addWidget(changes_);
  content()->addLayout(buttons);
}

QWidget* RestorePanel::buildSearch() {
  auto* row = new QWidget(this);
  searchText_ = new QLabel(row);
  setTextRole(searchText_, TextRole::SmallMuted);
  searchBar_ = new QProgressBar(row);
  searchBar_->setRange(0, kBarSteps);
  searchBar_->setTextVisible(false);
  searchBar_->setAccessibleName(tr("Search by hash"));
  stop_ = new QPushButton(tr("Stop searching"), row);
  stop_->setObjectName(QStringLiteral("stop_search"));
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(8);
  layout->addWidget(searchText_);
  layout->addWidget(searchBar_, 1);
  layout->addWidget(stop_);
  return row;
}

void RestorePanel::connectSignals() {
  connect(&restorer_, &PictureRestorer::searchProgressed, this, &RestorePanel::showSearch);
  connect(&restorer_, &PictureRestorer::searched, this, [this](const RestoreReport& report) {
    if (isVisibleTo(parentWidget())) showReport(report);
  });
  connect(stop_, &QPushButton::clicked, &restorer_, &PictureRestorer::stopSearch);
  connect(&restorer_, &PictureRestorer::restored, this,
          [this](const std::filesystem::path&, const RestoreReport& report) { showReport(report); });
  connect(originals_, &QPushButton::clicked, this, &RestorePanel::useOriginals);
  connect(close_, &QPushButton::clicked, this, &RestorePanel::dismiss);
}

void RestorePanel::showReport(const RestoreReport& report) {
  report_ = report;
  setNote(report_.source);
  fillList();
  showSearch(0, 0);
  fillChanges();
  setVisible(list_->count() > 0 || !report_.promptChanges.empty());
}

void RestorePanel::fillList() {
  list_->clear();
  for (const MissingFile& file : report_.missing) {
    list_->addItem(file.hash.isEmpty() ? tr("Not in your folders: %1").arg(file.name)
                                       : tr("Not in your folders: %1 (hash %2)").arg(file.name, file.hash));
  }
  list_->addItems(report_.foundByHash);
  if (!report_.profile.isEmpty()) list_->addItem(tr("Reproduced as: %1").arg(report_.profile));
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

/// Without a size nothing has had to be read yet.
void RestorePanel::showSearch(qint64 readBytes, qint64 ofBytes) {
  search_->setVisible(report_.searching);
  if (!report_.searching) return;
  searchText_->setText(
      ofBytes > 0 ? tr("Looking for it by its hash: %1 of %2 read").arg(bytesText(readBytes), bytesText(ofBytes))
                  : tr("Looking for it by its hash…"));
  searchBar_->setValue(ofBytes > 0 ? static_cast<int>(kBarSteps * readBytes / ofBytes) : 0);
}

/// Nobody would see what a search finds.
void RestorePanel::dismiss() {
  restorer_.stopSearch();
  hide();
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
