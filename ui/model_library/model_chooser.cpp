#include "ui/model_library/model_chooser.h"

#include "ui/bridge/engine_words.h"
#include "ui/bridge/field_names.h"
#include "ui/bridge/library.h"
#include "ui/bridge/request_draft.h"
#include "ui/bridge/text.h"
#include "ui/model_library/file_choice.h"
#include "ui/parameters/field_range.h"
#include "ui/widgets/slider_field.h"
#include "ui/widgets/text_role.h"

#include <QAction>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <utility>

namespace studio::ui {
namespace {

QString pathOf(const engine::FileInfo& info) {
  return std::visit([](const auto& known) { return pathText(known.path.lexically_normal()); }, info);
}

/// "▲ …" lines, the worst kind of them decides the colour.
QString lineOf(const ModelNote& note) {
  return note.kind == ModelNote::Kind::Fact ? note.text : QStringLiteral("▲ ") + note.text;
}

TextRole roleFor(const std::vector<ModelNote>& notes) {
  TextRole role = TextRole::SmallMuted;
  for (const ModelNote& note : notes) {
    if (note.kind == ModelNote::Kind::Bad) return TextRole::Bad;
    if (note.kind == ModelNote::Kind::Warning) role = TextRole::Warning;
  }
  return role;
}

}  // namespace

ModelChooser::ModelChooser(RequestDraft& draft, Library& library)
    : PanelFrame(tr("Model")), draft_(draft), library_(library) {
  buildLayout();
  buildMenus();
  connectSignals();
  showRequest();
}

void ModelChooser::buildLayout() {
  model_ = new FileChoice(fieldName("model"), QString(), this);
  model_->setObjectName(QStringLiteral("model"));
  model_->label()->hide();  // the card's title says it
  model_->box()->setPlaceholderText(tr("Choose a model"));
  facts_ = new QLabel(this);
  facts_->setObjectName(QStringLiteral("model_facts"));
  setTextRole(facts_, TextRole::SmallMuted);
  notes_ = new QLabel(this);
  notes_->setObjectName(QStringLiteral("model_notes"));
  notes_->setWordWrap(true);
  for (QLabel* label : {facts_, notes_}) {
    label->setTextFormat(Qt::RichText);
    label->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
  }
  useSuggested_ = new QPushButton(tr("Use these settings"), this);
  useSuggested_->setObjectName(QStringLiteral("use_suggested"));
  useSuggested_->setToolTip(tr("Takes over sampler, scheduler, steps and guidance that the model was made for"));
  vae_ = new FileChoice(fieldName("vae"), tr("Automatic"), this);
  vae_->setObjectName(QStringLiteral("vae"));
  vae_->label()->setToolTip(
      tr("The part that turns the finished latent into pixels. Automatic: the model's own, else the one beside it."));
  textEncoder_ = new FileChoice(fieldName("text_encoder"), tr("From the model"), this);
  textEncoder_->setObjectName(QStringLiteral("text_encoder"));
  textEncoder2_ = new FileChoice(fieldName("text_encoder_2"), tr("From the model"), this);
  textEncoder2_->setObjectName(QStringLiteral("text_encoder_2"));
  buildRefiner();

  auto* factsRow = new QHBoxLayout;
  factsRow->setSpacing(12);
  factsRow->addWidget(facts_, 1);
  factsRow->addWidget(vae_);
  content()->addWidget(model_);
  content()->addLayout(factsRow);
  content()->addWidget(notes_);
  content()->addWidget(useSuggested_, 0, Qt::AlignLeft);
  for (QWidget* row : {static_cast<QWidget*>(textEncoder_), static_cast<QWidget*>(textEncoder2_),
                       static_cast<QWidget*>(refiner_), static_cast<QWidget*>(refinerAt_)}) {
    content()->addWidget(row);
  }
}

void ModelChooser::buildRefiner() {
  refiner_ = new FileChoice(fieldName("refiner"), tr("None"), this);
  refiner_->setObjectName(QStringLiteral("refiner"));
  refiner_->label()->setToolTip(tr("A second model that takes the last steps"));
  const engine::FieldInfo at = fieldInfo("refiner_switch_at");
  refinerAt_ = new SliderField(fieldName(at.id), {at.minimum, at.maximum, at.minimum, at.maximum, at.step, 2}, this);
  refinerAt_->setObjectName(QStringLiteral("refiner_switch_at"));
}

void ModelChooser::buildMenus() {
  auto* menu = new QMenu(model_->browseButton());
  connect(menu->addAction(tr("Model file…")), &QAction::triggered, this, [this] { browse(Role::Model, false); });
  connect(menu->addAction(tr("Model folder (diffusers)…")), &QAction::triggered, this,
          [this] { browse(Role::Model, true); });
  menu->addSeparator();
  connect(menu->addAction(tr("Add a folder of models…")), &QAction::triggered, this, &ModelChooser::addFolder);
  connect(menu->addAction(tr("Look through the folders again")), &QAction::triggered, &library_, &Library::rescan);
  model_->browseButton()->setMenu(menu);
  model_->browseButton()->setPopupMode(QToolButton::InstantPopup);
  model_->browseButton()->setAccessibleName(tr("Other models"));
  model_->browseButton()->setToolTip(tr("Choose another model file or folder"));
}

void ModelChooser::connectSignals() {
  connect(model_, &FileChoice::chosen, this, &ModelChooser::useModel);
  connect(vae_, &FileChoice::chosen, this, &ModelChooser::useVae);
  connect(textEncoder_, &FileChoice::chosen, this, &ModelChooser::useTextEncoder);
  connect(textEncoder2_, &FileChoice::chosen, this, &ModelChooser::useTextEncoder2);
  connect(refiner_, &FileChoice::chosen, this, &ModelChooser::useRefiner);
  connect(refinerAt_, &SliderField::edited, this, [this](double value) {
    draft_.edit([value](engine::GenerationRequest& request) { request.refinerSwitchAt = value; },
                fieldName("refiner_switch_at"));
  });
  connect(textEncoder2_->browseButton(), &QToolButton::clicked, this, [this] { browse(Role::TextEncoder2, false); });
  connect(refiner_->browseButton(), &QToolButton::clicked, this, [this] { browse(Role::Refiner, false); });
  connect(vae_->browseButton(), &QToolButton::clicked, this, [this] { browse(Role::Vae, false); });
  connect(textEncoder_->browseButton(), &QToolButton::clicked, this, [this] { browse(Role::TextEncoder, false); });
  connect(useSuggested_, &QPushButton::clicked, this, &ModelChooser::takeSuggestion);
  connect(facts_, &QLabel::linkActivated, this, &ModelChooser::follow);
  connect(notes_, &QLabel::linkActivated, this, &ModelChooser::follow);
  connect(&draft_, &RequestDraft::changed, this, &ModelChooser::showRequest);
  connect(&library_, &Library::changed, this, &ModelChooser::showRequest);
  connect(&library_, &Library::scanningChanged, this, &ModelChooser::showRequest);
  connect(&library_, &Library::fileAdded, this, &ModelChooser::takeAdded);
  connect(&library_, &Library::fileRefused, this, &ModelChooser::takeRefused);
}

void ModelChooser::showRequest() {
  const engine::ModelInfo* model = library_.findModel(draft_.request().model);
  showFiles(model);
  showNotes(model);
}

void ModelChooser::showFiles(const engine::ModelInfo* model) {
  const engine::GenerationRequest& request = draft_.request();
  std::vector<FileChoice::Item> models;
  for (const engine::ModelInfo& info : library_.listing().models) {
    models.push_back({info.path, toQString(info.name), pathText(info.path)});
  }
  model_->showItems(models, request.model);
  std::vector<FileChoice::Item> vaes;
  for (const std::filesystem::path& file : vaeFiles(library_.listing())) {
    vaes.push_back({file, pathText(file.filename()), pathText(file)});
  }
  vae_->showItems(vaes, request.vae);
  textEncoder_->showItems({}, request.textEncoder);
  const bool lacksTextEncoder = model != nullptr && !hasPart(*model, "Text encoder");
  textEncoder_->setVisible(lacksTextEncoder || !request.textEncoder.empty());
  textEncoder2_->showItems({}, request.textEncoder2);
  textEncoder2_->setVisible((model != nullptr && lacksPart(*model, "Text encoder 2")) || !request.textEncoder2.empty());
  showRefiner(model);
}

void ModelChooser::showRefiner(const engine::ModelInfo* model) {
  const engine::GenerationRequest& request = draft_.request();
  std::vector<FileChoice::Item> models;
  for (const engine::ModelInfo& info : library_.listing().models) {
    if (info.path != request.model && engine::isUsable(info.family))
      models.push_back({info.path, toQString(info.name), pathText(info.path)});
  }
  refiner_->showItems(models, request.refiner);
  const bool isXl = model != nullptr && model->family == engine::ModelFamily::StableDiffusionXl;
  refiner_->setVisible(isXl || !request.refiner.empty());
  refinerAt_->setVisible(!request.refiner.empty());
  refinerAt_->setValue(request.refinerSwitchAt);
}

void ModelChooser::showNotes(const engine::ModelInfo* model) {
  const engine::GenerationRequest& request = draft_.request();
  std::vector<ModelNote> notes;
  changes_.clear();
  showFacts(model);
  if (!problem_.isEmpty()) notes.push_back({ModelNote::Kind::Bad, problem_});
  if (model != nullptr) {
    const auto more = modelNotes(*model, request, library_.listing());
    notes.insert(notes.end(), more.begin(), more.end());
  } else if (!library_.isScanning() && library_.isScanned() && !request.model.empty()) {
    notes.push_back({ModelNote::Kind::Warning, tr("This model was not found: %1").arg(pathText(request.model))});
  }
  const bool suggests = model != nullptr && model->suggestion && !follows(*model->suggestion, request);
  useSuggested_->setVisible(suggests);
  QStringList shown, spoken{facts_->accessibleName()};
  for (const ModelNote& note : notes) {
    const QString link = note.change ? QLatin1Char(' ') + linkTo(*note.change) : QString();
    shown.append(lineOf(note).toHtmlEscaped() + link);
    spoken.append(lineOf(note));
  }
  notes_->setText(shown.join(QStringLiteral("<br>")));
  notes_->setVisible(!notes.empty());
  setTextRole(notes_, roleFor(notes));
  model_->box()->setAccessibleDescription(spoken.join(u'\n'));
}

void ModelChooser::showFacts(const engine::ModelInfo* model) {
  QString text, link;
  if (model != nullptr) {
    text = modelFacts(*model);
    if (const auto change = predictionSwitch(*model, draft_.request())) link = QStringLiteral(" · ") + linkTo(*change);
  } else if (library_.isScanning() || !library_.isScanned()) {
    text = tr("Looking through the folders…");
  } else {
    text = draft_.request().model.empty() ? tr("No model is chosen yet.") : tr("Not in your folders");
  }
  facts_->setText(text.toHtmlEscaped() + link);
  facts_->setAccessibleName(text);
  facts_->setToolTip(link.isEmpty() ? QString()
                                    : tr("What the network predicts. A click takes v-prediction instead, for this file "
                                         "from now on."));
}

QString ModelChooser::linkTo(const ModelSwitch& change) {
  changes_.push_back(change.choice);
  return QStringLiteral("<a href=\"%1\">%2</a>").arg(changes_.size() - 1).arg(change.label.toHtmlEscaped());
}

void ModelChooser::follow(const QString& link) {
  const std::size_t number = link.toUInt();
  if (number >= changes_.size()) return;
  const engine::ModelChoice choice = changes_[number];
  draft_.edit(
      [&choice](engine::GenerationRequest& request) {
        request.prediction = choice.prediction;
        request.zeroTerminalSnr = choice.zeroTerminalSnr;
      },
      fieldName(choice.prediction == draft_.request().prediction ? "zero_terminal_snr" : "prediction"));
}

void ModelChooser::openModel(const std::filesystem::path& file) { open(Role::Model, file); }
void ModelChooser::openVae(const std::filesystem::path& file) { open(Role::Vae, file); }
void ModelChooser::openTextEncoder(const std::filesystem::path& file) { open(Role::TextEncoder, file); }
void ModelChooser::openTextEncoder2(const std::filesystem::path& file) { open(Role::TextEncoder2, file); }
void ModelChooser::openRefiner(const std::filesystem::path& file) { open(Role::Refiner, file); }

void ModelChooser::open(Role role, const std::filesystem::path& file) {
  opening_ = Opening{role, file};
  problem_.clear();
  library_.addFile(file);
}

void ModelChooser::takeAdded(const engine::FileInfo& info) {
  if (!opening_ || pathOf(info) != pathText(opening_->file.lexically_normal())) return;
  const Opening opening = *std::exchange(opening_, std::nullopt);
  const bool isModel = std::holds_alternative<engine::ModelInfo>(info);
  const bool isLora = std::holds_alternative<engine::LoraInfo>(info);
  if (opening.role == Role::Model && isModel) {
    useModel(opening.file);
  } else if (opening.role == Role::Vae && !isLora) {
    useVae(opening.file);
  } else if (opening.role == Role::TextEncoder && !isLora) {
    useTextEncoder(opening.file);
  } else if (opening.role == Role::TextEncoder2 && !isLora) {
    useTextEncoder2(opening.file);
  } else if (opening.role == Role::Refiner && isModel) {
    useRefiner(opening.file);
  } else {
    problem_ = isLora ? tr("%1 is a LoRA. Add it in the LoRA panel.").arg(pathText(opening.file.filename()))
                      : tr("%1 is not a model.").arg(pathText(opening.file.filename()));
  }
  showRequest();
}

void ModelChooser::takeRefused(const std::filesystem::path& file, const engine::EngineError& error) {
  if (!opening_ || opening_->file.lexically_normal() != file.lexically_normal()) return;
  opening_.reset();
  problem_ = tr("%1 was not taken: %2").arg(pathText(file.filename()), inWords(error));
  showRequest();
}

/// A size that was the former model's own becomes the new one's: nobody chose it.
void ModelChooser::useModel(const std::filesystem::path& file) {
  problem_.clear();
  const engine::ModelInfo* former = library_.findModel(draft_.request().model);
  const engine::ModelInfo* next = library_.findModel(file);
  draft_.edit(
      [&](engine::GenerationRequest& request) {
        request.model = file;
        if (former != nullptr && next != nullptr && request.size == former->trainedSize)
          request.size = next->trainedSize;
      },
      fieldName("model"));
}

void ModelChooser::takeSuggestion() {
  const engine::ModelInfo* model = library_.findModel(draft_.request().model);
  if (model == nullptr || !model->suggestion) return;
  draft_.edit([&](engine::GenerationRequest& request) { useSuggestion(*model->suggestion, request); },
              tr("Settings of the model"));
}

void ModelChooser::useVae(const std::filesystem::path& file) {
  problem_.clear();
  draft_.edit([&](engine::GenerationRequest& request) { request.vae = file; }, fieldName("vae"));
}

void ModelChooser::useTextEncoder(const std::filesystem::path& file) {
  problem_.clear();
  draft_.edit([&](engine::GenerationRequest& request) { request.textEncoder = file; }, fieldName("text_encoder"));
}

void ModelChooser::useTextEncoder2(const std::filesystem::path& file) {
  problem_.clear();
  draft_.edit([&](engine::GenerationRequest& request) { request.textEncoder2 = file; }, fieldName("text_encoder_2"));
}

void ModelChooser::useRefiner(const std::filesystem::path& file) {
  problem_.clear();
  draft_.edit([&](engine::GenerationRequest& request) { request.refiner = file; }, fieldName("refiner"));
}

void ModelChooser::browse(Role role, bool folder) {
  auto* dialog = new QFileDialog(this, folder ? tr("Choose a model folder") : tr("Choose a file"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(folder ? QFileDialog::Directory : QFileDialog::ExistingFile);
  if (!folder)
    dialog->setNameFilter(tr("Model files (%1)").arg(QStringLiteral("*.safetensors *.ckpt *.pt *.pth *.bin *.gguf")));
  connect(dialog, &QFileDialog::fileSelected, this, [this, role](const QString& file) { open(role, toPath(file)); });
  dialog->open();
}

void ModelChooser::addFolder() {
  auto* dialog = new QFileDialog(this, tr("Folder with models"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  connect(dialog, &QFileDialog::fileSelected, this,
          [this](const QString& folder) { library_.addModelFolder(toPath(folder)); });
  dialog->open();
}

}  // namespace studio::ui
