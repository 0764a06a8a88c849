#include "ui/lora/lora_panel.h"

#include "ui/bridge/library.h"
#include "ui/bridge/request_draft.h"
#include "ui/bridge/text.h"
#include "ui/lora/lora_card.h"
#include "ui/widgets/text_role.h"

#include <QAction>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace studio::ui {
namespace {

constexpr std::size_t kCardsAtOnce = 40;

}  // namespace

LoraPanel::LoraPanel(RequestDraft& draft, Library& library)
    : PanelFrame(tr("LoRA")), draft_(draft), library_(library), shown_(kCardsAtOnce) {
  buildLayout();
  connectSignals();
  showRows();
}

void LoraPanel::buildLayout() {
  filter_ = new QLineEdit(this);
  filter_->setAccessibleName(tr("Filter LoRAs"));
  filter_->setToolTip(tr("Words of the name or of a trigger word"));
  filter_->setClearButtonEnabled(true);
  filter_->setMinimumWidth(filter_->fontMetrics().horizontalAdvance(QStringLiteral("0")) * 18);
  header()->addWidget(filter_);
  state_ = new QLabel(this);
  state_->setWordWrap(true);
  setTextRole(state_, TextRole::Muted);
  content()->addWidget(state_);
  content()->addWidget(buildEmptyState(), 0, Qt::AlignLeft);
  content()->addWidget(buildList(), 1);
  content()->addWidget(buildAddButton(), 0, Qt::AlignLeft);
  content()->addStretch();
}

QWidget* LoraPanel::buildEmptyState() {
  firstFolder_ = new QPushButton(tr("Choose a folder…"), this);
  firstFolder_->setToolTip(
      tr("The folder with your LoRA files (.safetensors); it is looked through with everything in it"));
  return firstFolder_;
}

QWidget* LoraPanel::buildList() {
  list_ = new QWidget(this);
  list_->setObjectName(QStringLiteral("scrolled"));  // the style sheet makes it transparent
  cardRows_ = new QVBoxLayout(list_);
  cardRows_->setContentsMargins(0, 0, 4, 0);
  cardRows_->setSpacing(10);
  showMore_ = new QPushButton(list_);
  showMore_->hide();  // its text is known with the list
  cardRows_->addWidget(showMore_, 0, Qt::AlignLeft);
  cardRows_->addStretch(1);
  scroll_ = new QScrollArea(this);
  scroll_->setWidget(list_);
  scroll_->setWidgetResizable(true);
  scroll_->setFrameShape(QFrame::NoFrame);
  scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll_->setFocusPolicy(Qt::NoFocus);
  scroll_->setAccessibleName(tr("LoRAs"));
  return scroll_;
}

QPushButton* LoraPanel::buildAddButton() {
  add_ = new QPushButton(tr("Add…"), this);
  add_->setToolTip(tr("Add LoRA files or a folder of them"));
  auto* menu = new QMenu(add_);
  connect(menu->addAction(tr("Files…")), &QAction::triggered, this, &LoraPanel::chooseFiles);
  connect(menu->addAction(tr("Folder…")), &QAction::triggered, this, &LoraPanel::chooseFolder);
  add_->setMenu(menu);
  return add_;
}

void LoraPanel::connectSignals() {
  connect(filter_, &QLineEdit::textChanged, this, [this] {
    shown_ = kCardsAtOnce;
    showRows();
  });
  connect(firstFolder_, &QPushButton::clicked, this, &LoraPanel::chooseFolder);
  connect(showMore_, &QPushButton::clicked, this, [this] {
    shown_ += kCardsAtOnce;
    showRows();
  });
  connect(&draft_, &RequestDraft::changed, this, &LoraPanel::showRows);
  connect(&library_, &Library::changed, this, &LoraPanel::showRows);
  connect(&library_, &Library::scanningChanged, this, &LoraPanel::showRows);
}

void LoraPanel::showRows() {
  const std::vector<LoraRow> all = loraRows(library_.listing().loras, draft_.request(), modelFamily());
  std::vector<LoraRow> matching;
  for (const LoraRow& row : all) {
    if (matchesFilter(row, filter_->text())) matching.push_back(row);
  }
  showCards(matching);
  showCounts(all.size(), matching.size(), draft_.request().loras.size());
}

/// Cards whose file is shown again are kept, so that focus and a half-typed weight survive.
void LoraPanel::showCards(const std::vector<LoraRow>& rows) {
  std::vector<LoraCard*> cards;
  for (const LoraRow& row : rows) {
    if (cards.size() == shown_) break;
    LoraCard* card = cardFor(row);
    card->showRow(row);
    const int place = static_cast<int>(cards.size());
    if (cardRows_->indexOf(card) != place) cardRows_->insertWidget(place, card);
    card->show();
    cards.push_back(card);
  }
  for (LoraCard* card : cards_) {
    if (std::find(cards.begin(), cards.end(), card) != cards.end()) continue;
    cardRows_->removeWidget(card);
    card->hide();
    card->deleteLater();  // it may be the sender
  }
  const bool sameCards = cards == cards_;
  cards_ = std::move(cards);
  if (!sameCards) orderTabs();
  showMore_->setVisible(rows.size() > cards_.size());
  showMore_->setText(tr("Show more (%1 of %2)").arg(cards_.size()).arg(rows.size()));
}

/// Cards are made in any order; the keyboard goes through them from top to bottom.
void LoraPanel::orderTabs() {
  QWidget* previous = filter_;
  const auto append = [&previous](QWidget* next) {
    setTabOrder(previous, next);
    previous = next;
  };
  for (const LoraCard* card : cards_) {
    const auto stops = card->tabStops();
    for (QWidget* stop : stops) append(stop);
  }
  append(showMore_);
  append(add_);
}

LoraCard* LoraPanel::cardFor(const LoraRow& row) {
  const auto known = std::find_if(cards_.begin(), cards_.end(), [&](const LoraCard* card) {
    return card->file() == row.file && card->isKnown() == (row.info != nullptr);
  });
  if (known != cards_.end()) return *known;
  auto* card = new LoraCard(row, list_);
  connectCard(card);
  return card;
}

void LoraPanel::connectCard(LoraCard* card) {
  connect(card, &LoraCard::toggled, this, [this, card](bool on) {
    const auto change = [&](engine::GenerationRequest& request) {
      on ? useLora(request, card->file(), card->weight()) : dropLora(request, card->file());
    };
    draft_.edit(change, on ? tr("LoRA on") : tr("LoRA off"));
  });
  connect(card, &LoraCard::weightEdited, this, [this, card](double weight) {
    draft_.edit([&](engine::GenerationRequest& request) { weighLora(request, card->file(), weight); },
                tr("LoRA weight"));
  });
  connect(card, &LoraCard::triggerChosen, this, &LoraPanel::triggerWordChosen);
}

void LoraPanel::showCounts(std::size_t all, std::size_t matching, std::size_t used) {
  setNote(used == 0 ? QString() : tr("%n on", nullptr, static_cast<int>(used)));
  const bool nothing = all == 0;
  const bool waiting = nothing && !library_.isScanned();
  filter_->setVisible(!nothing);
  filter_->setPlaceholderText(tr("Filter %1").arg(all));
  scroll_->setVisible(matching > 0);
  firstFolder_->setVisible(nothing && !waiting);
  add_->setVisible(!nothing);
  state_->setVisible(matching == 0);
  if (waiting) {
    state_->setText(tr("Looking through the folders…"));
  } else if (nothing) {
    state_->setText(tr("No LoRAs yet. A LoRA adds a style or a subject to the model."));
  } else {
    state_->setText(tr("No LoRA matches “%1”.").arg(filter_->text()));
  }
}

engine::ModelFamily LoraPanel::modelFamily() const {
  const engine::ModelInfo* model = library_.findModel(draft_.request().model);
  return model == nullptr ? engine::ModelFamily::Unknown : model->family;
}

void LoraPanel::chooseFiles() {
  auto* dialog = new QFileDialog(this, tr("Add LoRA files"), QString(),
                                 tr("LoRA files (%1)").arg(QStringLiteral("*.safetensors *.pt *.bin")));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFiles);
  connect(dialog, &QFileDialog::filesSelected, this, &LoraPanel::addFiles);
  dialog->open();
}

void LoraPanel::chooseFolder() {
  auto* dialog = new QFileDialog(this, tr("Folder with LoRA files"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  connect(dialog, &QFileDialog::fileSelected, this, &LoraPanel::addFolder);
  dialog->open();
}

void LoraPanel::addFiles(const QStringList& files) {
  std::vector<std::filesystem::path> paths;
  for (const QString& file : files) paths.push_back(toPath(file));
  Q_EMIT filesChosen(paths);
}

void LoraPanel::addFolder(const QString& folder) { library_.addLoraFolder(toPath(folder)); }

}  // namespace studio::ui
