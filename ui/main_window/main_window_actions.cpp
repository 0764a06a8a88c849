#include "engine/api/request_fields.h"
#include "settings/app_settings.h"
#include "settings/paths.h"
#include "ui/bridge/picture_image.h"
#include "ui/bridge/text.h"
#include "ui/canvas/canvas.h"
#include "ui/canvas/canvas_view.h"
#include "ui/gallery/gallery_strip.h"
#include "ui/gallery/picture_card.h"
#include "ui/lora/lora_panel.h"
#include "ui/main_window/command_set.h"
#include "ui/main_window/diagnostics.h"
#include "ui/main_window/drop_handler.h"
#include "ui/main_window/main_window.h"
#include "ui/main_window/workspace.h"
#include "ui/model_library/model_chooser.h"
#include "ui/parameters/parameters_panel.h"
#include "ui/prompt/prompt_panel.h"
#include "ui/widgets/notice_bar.h"

#include <QAbstractSpinBox>
#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QFileDialog>
#include <QLocale>
#include <QUrl>
#include <QWhatsThis>

#include <array>
#include <utility>

namespace studio::ui {
namespace {

void openFolder(const QString& folder) { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); }

/// A dialog that stands beside the window's work; it deletes itself.
QFileDialog* folderDialog(QWidget* parent, const QString& title, const QString& start) {
  auto* dialog = new QFileDialog(parent, title, start);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  return dialog;
}

}  // namespace

void MainWindow::connectCommands() {
  const CommandSet& commands = *commands_;
  GenerationSession& session = workspace_.session;
  QUndoStack& undo = workspace_.draft.undoStack();
  const auto take = [] {  // what is still being typed into a number field counts
    if (auto* field = qobject_cast<QAbstractSpinBox*>(QApplication::focusWidget())) field->interpretText();
  };
  connect(commands[Command::Generate], &QAction::triggered, &session, [&session, take] { take(), session.generate(); });
  connect(commands[Command::GenerateFirst], &QAction::triggered, &session,
          [&session, take] { take(), session.generateFirst(); });
  connect(commands[Command::Pause], &QAction::triggered, &session, &GenerationSession::pause);
  connect(commands[Command::Stop], &QAction::triggered, &session, &GenerationSession::stop);
  connect(commands[Command::DropWaiting], &QAction::triggered, &session, &GenerationSession::dropWaiting);
  connect(commands[Command::Undo], &QAction::triggered, &undo, &QUndoStack::undo);
  connect(commands[Command::Redo], &QAction::triggered, &undo, &QUndoStack::redo);
  connect(commands[Command::FocusPrompt], &QAction::triggered, prompt_, &PromptPanel::focusPrompt);
  connect(commands[Command::UseSettings], &QAction::triggered, this, &MainWindow::useSettings);
  connect(commands[Command::UseSeed], &QAction::triggered, this, &MainWindow::useSeed);
  connect(commands[Command::CopyPicture], &QAction::triggered, this, &MainWindow::copyPicture);
  connect(commands[Command::CopyDiagnostics], &QAction::triggered, this, &MainWindow::copyDiagnostics);
  connect(commands[Command::Quit], &QAction::triggered, this, &QWidget::close);
  connect(commands[Command::WhatsThis], &QAction::triggered, this, [] { QWhatsThis::enterWhatsThisMode(); });
  connect(commands[Command::About], &QAction::triggered, this, &MainWindow::showAbout);
}

void MainWindow::connectViewCommands() {
  const CommandSet& commands = *commands_;
  Canvas* canvas = &canvas_->canvas();
  connect(commands[Command::ZoomFit], &QAction::triggered, canvas, &Canvas::zoomToFit);
  connect(commands[Command::ZoomActual], &QAction::triggered, canvas, [canvas] { canvas->setZoom(1.0); });
  connect(commands[Command::ZoomDouble], &QAction::triggered, canvas, [canvas] { canvas->setZoom(2.0); });
  connect(commands[Command::ZoomIn], &QAction::triggered, canvas, &Canvas::zoomIn);
  connect(commands[Command::ZoomOut], &QAction::triggered, canvas, &Canvas::zoomOut);
  const std::array<std::pair<Command, QWidget*>, 3> panels{
      {{Command::ShowParameters, left_}, {Command::ShowLoras, right_}, {Command::ShowGallery, gallery_}}};
  for (const auto& [command, panel] : panels) {
    commands[command]->setChecked(true);
    connect(commands[command], &QAction::toggled, panel, &QWidget::setVisible);
  }
}

void MainWindow::connectFolderCommands() {
  const CommandSet& commands = *commands_;
  connect(commands[Command::OpenPicture], &QAction::triggered, this, &MainWindow::openPicture);
  connect(commands[Command::OpenOutputFolder], &QAction::triggered, this,
          [this] { openFolder(settings::outputFolderOrDefault(workspace_.outside.settings)); });
  connect(commands[Command::ChooseOutputFolder], &QAction::triggered, this, &MainWindow::chooseOutputFolder);
  connect(commands[Command::AddModelFolder], &QAction::triggered, this, [this] { addFolder(false); });
  connect(commands[Command::AddLoraFolder], &QAction::triggered, this, [this] { addFolder(true); });
  connect(commands[Command::Rescan], &QAction::triggered, &workspace_.library, &Library::rescan);
}

void MainWindow::updateCommands() {
  const CommandSet& commands = *commands_;
  const GenerationSession& session = workspace_.session;
  QUndoStack& undo = workspace_.draft.undoStack();
  commands[Command::Generate]->setEnabled(session.mayGenerate());
  commands[Command::GenerateFirst]->setEnabled(session.mayGenerate());
  commands[Command::Stop]->setEnabled(session.state() == GenerationSession::State::Running);
  commands[Command::Pause]->setEnabled(commands[Command::Stop]->isEnabled());
  commands[Command::DropWaiting]->setEnabled(session.waiting() > 0);
  commands[Command::Undo]->setEnabled(undo.canUndo());
  commands[Command::Redo]->setEnabled(undo.canRedo());
  commands[Command::CopyPicture]->setEnabled(!canvas_->canvas().isEmpty());
  commands[Command::UseSettings]->setEnabled(shown_.has_value());
  commands[Command::UseSeed]->setEnabled(shown_.has_value());
}

void MainWindow::takePreviews(const std::vector<engine::Image>& previews) {
  const Progress& progress = workspace_.session.progress();
  previews_ = previews;
  previewStep_ = progress.step;
  previewSteps_ = progress.steps;
  if (followsLive_) showPreviews();
}

void MainWindow::showPreviews() {
  if (previews_.empty()) return;
  awaited_.clear();
  canvas_->canvas().showPreviews(previews_, workspace_.session.submittedRequest().size);
  canvas_->setNote(tr("Preview, step %1 of %2").arg(previewStep_).arg(previewSteps_));
}

void MainWindow::followLive(bool follows) {
  followsLive_ = follows;
  canvas_->offerLive(!follows && workspace_.session.isBusy());
}

void MainWindow::noteEndOfPreview(const QString& words) {
  if (canvas_->canvas().showsPreview()) canvas_->setNote(words.arg(previewStep_).arg(previewSteps_));
}

void MainWindow::showPicture(int row) {
  shown_ = workspace_.gallery.picture(row);
  picture_->showPicture(*shown_);
  awaited_ = shown_->path;
  if (shown_->image.empty()) {
    workspace_.pictureFiles.readPixels(shown_->path);
  } else {
    takePixels(shown_->path, shown_->image);
  }
  updateCommands();
}

void MainWindow::showDroppedPicture(const std::filesystem::path& picture) {
  shown_.reset();
  picture_->hide();
  awaited_ = picture;
  workspace_.pictureFiles.readPixels(picture);
}

void MainWindow::takePixels(const std::filesystem::path& file, const engine::Image& image) {
  if (file == toCopy_) putInClipboard(toQImage(image));
  if (file != awaited_) return;
  awaited_.clear();
  const QString size = tr("%1 × %2 px").arg(image.size.width).arg(image.size.height);
  canvas_->canvas().showPicture(image, tr("Picture %1, %2").arg(pathText(file.filename()), size));
  canvas_->setNote(size);
  updateCommands();
}

void MainWindow::useSettings() {
  if (!shown_) return;
  engine::GenerationRequest wanted = shown_->request;
  wanted.seed = shown_->seed;
  wanted.batchSize = 1;
  wanted.batchCount = 1;
  workspace_.draft.closeStep();
  workspace_.draft.edit([&wanted](engine::GenerationRequest& request) { request = wanted; },
                        tr("Settings of a picture"));
  sayUndoable(tr("The settings of the picture are taken over."));
}

void MainWindow::useSeed() {
  if (!shown_) return;
  const engine::Seed seed = shown_->seed;
  workspace_.draft.closeStep();
  workspace_.draft.edit([seed](engine::GenerationRequest& request) { request.seed = seed; }, tr("Seed of a picture"));
  sayUndoable(tr("The seed is now %1.").arg(QString::number(seed.value)));
}

void MainWindow::showInFolder() {
  if (shown_) openFolder(pathText(shown_->path.parent_path()));
}

/// The selected picture, even while the canvas shows how another one is coming along.
void MainWindow::copyPicture() {
  if (!shown_) {
    if (!canvas_->canvas().isEmpty()) putInClipboard(canvas_->canvas().image().copy());
  } else if (!shown_->image.empty()) {
    putInClipboard(toQImage(shown_->image));
  } else {
    toCopy_ = shown_->path;
    workspace_.pictureFiles.readPixels(toCopy_);
  }
}

void MainWindow::putInClipboard(const QImage& picture) {
  toCopy_.clear();
  QApplication::clipboard()->setImage(picture);
  say(tr("The picture is in the clipboard."));
}

void MainWindow::copyDiagnostics() {
  QApplication::clipboard()->setText(diagnosticsReport(workspace_.outside.version, workspace_.machine.devices(),
                                                       workspace_.session, workspace_.library));
  say(tr("The report is in the clipboard. It holds no prompt and no folder names."));
}

void MainWindow::chooseOutputFolder() {
  settings::AppSettings& settings = workspace_.outside.settings;
  QFileDialog* dialog =
      folderDialog(this, tr("Folder for finished pictures"), settings::outputFolderOrDefault(settings));
  connect(dialog, &QFileDialog::fileSelected, this, [this, &settings](const QString& folder) {
    settings.outputFolder.set(folder);
    say(tr("Pictures are saved in %1 from now on.").arg(folder));
  });
  dialog->open();
}

void MainWindow::openPicture() {
  auto* dialog = new QFileDialog(this, tr("Take settings from a picture"),
                                 settings::outputFolderOrDefault(workspace_.outside.settings),
                                 tr("Pictures (*.png *.jpg *.jpeg *.webp)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) { drops_->takeFiles({toPath(file)}); });
  dialog->open();
}

void MainWindow::addFolder(bool forLoras) {
  QFileDialog* dialog = folderDialog(this, forLoras ? tr("Folder with LoRAs") : tr("Folder with models"), {});
  connect(dialog, &QFileDialog::fileSelected, this, [this, forLoras](const QString& folder) {
    if (forLoras) {
      workspace_.library.addLoraFolder(toPath(folder));
    } else {
      workspace_.library.addModelFolder(toPath(folder));
    }
  });
  dialog->open();
}

void MainWindow::showAbout() {
  say(tr("Kiln Studio %1, with Qt %2 and libtorch. Pictures are made on this machine; nothing is sent anywhere.")
          .arg(workspace_.outside.version, QLatin1String(qVersion())));
}

/// Panels give the editor of a field the field's id as its object name.
void MainWindow::focusField(const QString& field) {
  (*commands_)[Command::ShowParameters]->setChecked(true);
  parameters_->reveal(field);
  QWidget* editor = findChild<QWidget*>(field);
  if (editor == nullptr && field == QStringLiteral("loras")) editor = loras_;
  if (editor == nullptr) return;
  if (editor->focusPolicy() == Qt::NoFocus && editor->nextInFocusChain() != nullptr)
    editor = editor->nextInFocusChain();
  editor->setFocus(Qt::ShortcutFocusReason);
}

void MainWindow::say(const QString& message) {
  if (!message.isEmpty()) canvas_->notices().showMessage(message);
}

void MainWindow::sayUndoable(const QString& message) {
  if (!workspace_.draft.lastEditChanged()) {
    say(message);
    return;
  }
  canvas_->notices().showMessage(message, tr("Undo"), [this] { workspace_.draft.undoStack().undo(); });
}

}  // namespace studio::ui
