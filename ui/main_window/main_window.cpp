#include "ui/main_window/main_window.h"

#include "settings/app_settings.h"
#include "settings/paths.h"
#include "ui/bridge/engine_words.h"
#include "ui/canvas/canvas.h"
#include "ui/canvas/canvas_view.h"
#include "ui/gallery/gallery_strip.h"
#include "ui/gallery/picture_card.h"
#include "ui/lora/lora_panel.h"
#include "ui/main_window/command_set.h"
#include "ui/main_window/drop_handler.h"
#include "ui/main_window/restore_panel.h"
#include "ui/main_window/status_line.h"
#include "ui/main_window/window_menus.h"
#include "ui/main_window/workspace.h"
#include "ui/model_library/model_chooser.h"
#include "ui/parameters/parameters_panel.h"
#include "ui/prompt/prompt_panel.h"
#include "ui/queue/consent_card.h"
#include "ui/queue/generate_card.h"
#include "ui/queue/progress_card.h"
#include "ui/queue/unfinished_card.h"
#include "ui/troubleshooter/changes_line.h"
#include "ui/troubleshooter/error_panel.h"
#include "ui/troubleshooter/memory_panel.h"
#include "ui/widgets/notice_bar.h"

#include <QCloseEvent>
#include <QDropEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMenuBar>
#include <QMimeData>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QSplitter>
#include <QStatusBar>
#include <QVBoxLayout>

#include <algorithm>

namespace studio::ui {
namespace {

constexpr int kGap = 12;
constexpr int kScrollBar = 10;
constexpr int kHandle = 4;  ///< of the splitter; with the margins of the columns it makes the gap
constexpr int kLeftWidth = 410;
constexpr int kRightWidth = 330;
constexpr int kSmallestSide = 260;
constexpr QSize kFirstSize{1574, 900};
constexpr QSize kWindowFrame{8, 40};  ///< room for the border and title bar that the desktop puts around

QWidget* column(QVBoxLayout*& rows) {
  auto* widget = new QWidget;
  rows = new QVBoxLayout(widget);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(kGap);
  return widget;
}

}  // namespace

MainWindow::MainWindow(Workspace& workspace) : workspace_(workspace) {
  setWindowTitle(tr("Kiln Studio"));
  setAcceptDrops(true);
  commands_ = new CommandSet(this);
  drops_ = new DropHandler(workspace_, this);
  buildLayout();
  connectSignals();
  restoreState();
  gallery_->selectNewest();
  updateCommands();
  prompt_->focusPrompt();
  say(workspace_.outside.settings.store().problem());  // what went wrong before there was a window
}

void MainWindow::buildLayout() {
  buildMenus(*menuBar(), *commands_, workspace_.outside.settings, workspace_.machine);
  left_ = buildLeftColumn();
  right_ = buildRightColumn();
  columns_ = new QSplitter(Qt::Horizontal);
  columns_->setHandleWidth(kHandle);
  columns_->setChildrenCollapsible(false);
  columns_->addWidget(left_);
  columns_->addWidget(buildMiddleColumn());
  columns_->addWidget(right_);
  columns_->setStretchFactor(0, 0);
  columns_->setStretchFactor(1, 1);
  columns_->setStretchFactor(2, 0);
  auto* central = new QWidget;
  auto* rows = new QVBoxLayout(central);
  rows->setContentsMargins(kGap, 4, kGap, 4);
  rows->addWidget(columns_);
  setCentralWidget(central);
  statusBar()->setSizeGripEnabled(false);
  statusBar()->addWidget(new StatusLine(workspace_.machine, workspace_.session, workspace_.library), 1);
}

QWidget* MainWindow::buildLeftColumn() {
  QVBoxLayout* panels = nullptr;
  QWidget* scrolled = column(panels);
  scrolled->setObjectName(QStringLiteral("scrolled"));
  model_ = new ModelChooser(workspace_.draft, workspace_.library);
  prompt_ = new PromptPanel(workspace_.draft, {workspace_.outside.tokenCounter, workspace_.outside.promptLinter},
                            workspace_.library);
  prompt_->remember(workspace_.outside.settings);
  parameters_ = new ParametersPanel(workspace_.draft, workspace_.library);
  parameters_->remember(workspace_.outside.settings);
  panels->addWidget(model_);
  panels->addWidget(prompt_, 3);  // of a tall window the prompts get the larger part
  panels->addWidget(parameters_);
  panels->addStretch(2);
  auto* scroll = new QScrollArea;
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setWidget(scrolled);
  // The cards keep their width whether there is a scroll bar beside them or not.
  connect(scroll->verticalScrollBar(), &QScrollBar::rangeChanged, panels,
          [panels](int, int most) { panels->setContentsMargins(0, 0, most > 0 ? 0 : kScrollBar, 0); });
  generate_ = new GenerateCard(workspace_.session, workspace_.draft, workspace_.forecast);
  QVBoxLayout* rows = nullptr;
  QWidget* left = column(rows);
  auto* lower = new QHBoxLayout;
  lower->setContentsMargins(0, 0, kScrollBar, 0);
  lower->addWidget(generate_);
  rows->addWidget(scroll, 1);
  rows->addLayout(lower);
  // Fields are never cut off: what they need depends on the font and the language.
  left->setMinimumWidth(
      std::max(kSmallestSide, scrolled->minimumSizeHint().width() + scroll->verticalScrollBar()->sizeHint().width()));
  return left;
}

QWidget* MainWindow::buildMiddleColumn() {
  canvas_ = new CanvasView;
  error_ = new ErrorPanel(workspace_.session, workspace_.draft);
  memory_ = new MemoryPanel(workspace_.session, workspace_.draft, workspace_.outside.settings);
  changes_ = new ChangesLine(workspace_.session);
  gallery_ = new GalleryStrip(workspace_.gallery);
  QVBoxLayout* rows = nullptr;
  QWidget* middle = column(rows);
  rows->addWidget(canvas_, 1);
  rows->addWidget(error_);
  rows->addWidget(memory_);
  auto* restore = new RestorePanel(workspace_.restorer, workspace_.draft);
  auto* unfinished = new UnfinishedCard(workspace_.unfinished, workspace_.session);
  auto* consent = new ConsentCard(workspace_.session);
  auto* progress = new ProgressCard(workspace_.session);
  for (PanelFrame* panel : {static_cast<PanelFrame*>(error_), static_cast<PanelFrame*>(memory_),
                            static_cast<PanelFrame*>(unfinished), static_cast<PanelFrame*>(consent)})
    panel->setFocusHeir(progress);
  rows->addWidget(restore);
  rows->addWidget(unfinished);
  rows->addWidget(consent);
  rows->addWidget(changes_);
  rows->addWidget(progress);
  rows->addWidget(gallery_);
  middle->setMinimumWidth(kSmallestSide);
  return middle;
}

QWidget* MainWindow::buildRightColumn() {
  loras_ = new LoraPanel(workspace_.draft, workspace_.library);
  picture_ = new PictureCard;
  QVBoxLayout* rows = nullptr;
  QWidget* right = column(rows);
  rows->setContentsMargins(kGap - kHandle, 0, 0, 0);
  rows->addWidget(loras_, 1);
  rows->addWidget(picture_);
  right->setMinimumWidth(kSmallestSide - 20);
  return right;
}

void MainWindow::connectSignals() {
  connectSession();
  connectPictures();
  connectPanels();
  connectCommands();
  connectViewCommands();
  connectFolderCommands();
}

void MainWindow::connectSession() {
  GenerationSession& session = workspace_.session;
  connect(&session, &GenerationSession::reasonsChanged, this, &MainWindow::updateCommands);
  connect(&session, &GenerationSession::stateChanged, this, &MainWindow::updateCommands);
  connect(&session, &GenerationSession::waitingChanged, this, &MainWindow::updateCommands);
  connect(&session, &GenerationSession::jobTakenUp, this, [this] {
    previews_.clear();
    followLive(true);
  });
  connect(&session, &GenerationSession::stateChanged, this, [this] {
    if (!workspace_.session.isBusy()) noteEndOfPreview(tr("Stopped at step %1 of %2"));
    followLive(followsLive_ || !workspace_.session.isBusy());
  });
  connect(&session, &GenerationSession::stopped, this, [this] { noteEndOfPreview(tr("Stopped at step %1 of %2")); });
  connect(&session, &GenerationSession::paused, this, [this] { noteEndOfPreview(tr("Paused at step %1 of %2")); });
  connect(&session, &GenerationSession::previewChanged, this, &MainWindow::takePreviews);
  connect(&session, &GenerationSession::pictureFinished, this, [this] {
    previews_.clear();
    if (followsLive_) gallery_->selectNewest();
  });
  connect(&session, &GenerationSession::noticed, this, &MainWindow::say);
  connect(&workspace_.session, &GenerationSession::paused, &workspace_.unfinished, &UnfinishedList::add);
  connect(&workspace_.unfinished, &UnfinishedList::discardFailed, this,
          [this](const engine::EngineError& error) { say(inWords(error)); });
  connect(&workspace_.draft.undoStack(), &QUndoStack::indexChanged, this, [this] {
    canvas_->notices().dropAction();  // its "Undo" was about the step before
    updateCommands();
  });
  connect(&workspace_.outside.settings.store(), &settings::Store::problemChanged, this,
          [this] { say(workspace_.outside.settings.store().problem()); });
}

void MainWindow::connectPictures() {
  connect(gallery_, &GalleryStrip::pictureChosen, this, &MainWindow::showPicture);
  connect(gallery_, &GalleryStrip::pictureClicked, this, [this](int row) {
    followLive(!workspace_.session.isBusy());
    showPicture(row);
  });
  connect(canvas_, &CanvasView::liveWanted, this, [this] {
    followLive(true);
    showPreviews();
  });
  connect(&workspace_.pictureFiles, &PictureFiles::pixelsRead, this, &MainWindow::takePixels);
  connect(&workspace_.pictureFiles, &PictureFiles::failed, this,
          [this](const std::filesystem::path& file, const engine::EngineError& error) {
            if (file == awaited_ || file == toCopy_) say(inWords(error));
          });
  const auto onRow = [this](void (MainWindow::*action)()) {
    return [this, action](int row) {
      showPicture(row);
      (this->*action)();
    };
  };
  connect(gallery_, &GalleryStrip::useSettingsWanted, this, onRow(&MainWindow::useSettings));
  connect(gallery_, &GalleryStrip::useSeedWanted, this, onRow(&MainWindow::useSeed));
  connect(gallery_, &GalleryStrip::showInFolderWanted, this, onRow(&MainWindow::showInFolder));
  connect(gallery_, &GalleryStrip::copyWanted, this, onRow(&MainWindow::copyPicture));
  connect(picture_, &PictureCard::useSettingsWanted, this, &MainWindow::useSettings);
  connect(picture_, &PictureCard::useSeedWanted, this, &MainWindow::useSeed);
  connect(picture_, &PictureCard::showInFolderWanted, this, &MainWindow::showInFolder);
}

void MainWindow::connectPanels() {
  connect(loras_, &LoraPanel::triggerWordChosen, prompt_, &PromptPanel::insertWord);
  connect(loras_, &LoraPanel::filesChosen, drops_, &DropHandler::takeFiles);
  connect(generate_, &GenerateCard::fieldWanted, this, &MainWindow::focusField);
  connect(error_, &ErrorPanel::chooseModelWanted, this, [this] { focusField(QStringLiteral("model")); });
  connect(error_, &ErrorPanel::chooseOutputFolderWanted, this, &MainWindow::chooseOutputFolder);
  connect(error_, &ErrorPanel::copyReportWanted, this, &MainWindow::copyDiagnostics);
  connect(memory_, &MemoryPanel::copyReportWanted, this, &MainWindow::copyDiagnostics);
  connect(memory_, &MemoryPanel::applied, this, [this](const QString& message, bool undoable) {
    if (undoable) {
      canvas_->notices().showMessage(message, tr("Undo"), [this] { workspace_.draft.undoStack().undo(); });
    } else {
      say(message);
    }
  });
  connect(changes_, &ChangesLine::whyWanted, memory_, &MemoryPanel::explain);
  connect(drops_, &DropHandler::pictureTaken, this, &MainWindow::showDroppedPicture);
  connect(drops_, &DropHandler::done, this, [this](const QString& message, bool undoable) {
    if (undoable) {
      sayUndoable(message);
    } else {
      say(message);
    }
  });
}

/// The first start fits the screen; later ones come back as they were left.
void MainWindow::restoreState() {
  const QSettings state(settings::windowStateFile(), QSettings::IniFormat);
  const QSize first = kFirstSize.boundedTo(screen()->availableSize() - kWindowFrame);
  resize(first);
  columns_->setSizes({kLeftWidth, std::max(kSmallestSide, first.width() - kLeftWidth - kRightWidth), kRightWidth});
  restoreGeometry(state.value(QStringLiteral("geometry")).toByteArray());
  columns_->restoreState(state.value(QStringLiteral("columns")).toByteArray());
  const auto shown = [&state](const char* key) { return state.value(QLatin1String(key), true).toBool(); };
  (*commands_)[Command::ShowParameters]->setChecked(shown("parameters"));
  (*commands_)[Command::ShowLoras]->setChecked(shown("loras"));
  (*commands_)[Command::ShowGallery]->setChecked(shown("gallery"));
}

void MainWindow::saveWindowState() {
  QSettings state(settings::windowStateFile(), QSettings::IniFormat);
  state.setValue(QStringLiteral("geometry"), saveGeometry());
  state.setValue(QStringLiteral("columns"), columns_->saveState());
  state.setValue(QStringLiteral("parameters"), (*commands_)[Command::ShowParameters]->isChecked());
  state.setValue(QStringLiteral("loras"), (*commands_)[Command::ShowLoras]->isChecked());
  state.setValue(QStringLiteral("gallery"), (*commands_)[Command::ShowGallery]->isChecked());
}

/// Empty when closing interrupts nothing.
QString MainWindow::closeQuestion() const {
  const GenerationSession& session = workspace_.session;
  const int waiting = session.waiting();
  if (session.state() == GenerationSession::State::Running && waiting == 0)
    return tr("A picture is being made. Closing interrupts it; the next start offers to go on.");
  if (waiting > 0)
    return tr("Pictures are being made, and %n wait in line. Closing interrupts them; the next start offers to go on.",
              nullptr, waiting);
  return {};
}

/// The first time there is something to interrupt it is said, quietly; closing again while that is shown closes.
bool MainWindow::mayClose() {
  const QString question = closeQuestion();
  if (closesUnasked_ || question.isEmpty() || qGuiApp->isSavingSession()) return true;
  if (canvas_->notices().text() == question) return true;
  canvas_->notices().showMessage(question, tr("Close anyway"), [this] { giveWay(); });
  return false;
}

void MainWindow::giveWay() {
  closesUnasked_ = true;
  close();
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (!mayClose()) {
    event->ignore();
    return;
  }
  saveWindowState();
  QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  const QString hint = DropHandler::hintFor(*event->mimeData());
  if (hint.isEmpty()) return;
  canvas_->canvas().setDropHint(hint);
  event->acceptProposedAction();
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent*) { canvas_->canvas().setDropHint({}); }

void MainWindow::dropEvent(QDropEvent* event) {
  canvas_->canvas().setDropHint({});
  drops_->take(*event->mimeData());
  event->acceptProposedAction();
}

}  // namespace studio::ui
