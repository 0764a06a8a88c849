#pragma once

#include "engine/api/inspector.h"
#include "ui/lora/lora_rules.h"
#include "ui/widgets/panel_frame.h"

#include <filesystem>
#include <vector>

class QLabel;
class QLineEdit;
class QPushButton;
class QScrollArea;

namespace studio::ui {

class LoraCard;
class Library;
class RequestDraft;

/// The card with the LoRAs of the person's folders: filter, on/off, weight, trigger words. Cards are made for the
/// first matches only; more come on demand, so a thousand files cost no more than forty.
class LoraPanel : public PanelFrame {
  Q_OBJECT

 public:
  LoraPanel(RequestDraft& draft, Library& library);

  /// What the file dialogs end with.
  void addFiles(const QStringList& files);
  void addFolder(const QString& folder);

 Q_SIGNALS:
  /// A chip was pressed: the word belongs into the prompt.
  void triggerWordChosen(const QString& word);
  /// Files were chosen in the dialog: they are to be looked at and used, or refused with a word.
  void filesChosen(const std::vector<std::filesystem::path>& files);

 private:
  void buildLayout();
  QWidget* buildList();
  QWidget* buildEmptyState();
  QPushButton* buildAddButton();
  void connectSignals();
  void showRows();
  void showCards(const std::vector<LoraRow>& rows);
  void showCounts(std::size_t all, std::size_t matching, std::size_t used);
  void orderTabs();
  LoraCard* cardFor(const LoraRow& row);
  void connectCard(LoraCard* card);
  void chooseFiles();
  void chooseFolder();
  engine::ModelFamily modelFamily() const;

  RequestDraft& draft_;
  Library& library_;
  QLineEdit* filter_ = nullptr;
  QLabel* state_ = nullptr;
  QPushButton* firstFolder_ = nullptr;
  QScrollArea* scroll_ = nullptr;
  QWidget* list_ = nullptr;
  QVBoxLayout* cardRows_ = nullptr;
  QPushButton* showMore_ = nullptr;
  QPushButton* add_ = nullptr;
  std::vector<LoraCard*> cards_;
  std::size_t shown_ = 0;  ///< cards at most
};

}  // namespace studio::ui
