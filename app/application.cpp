#include "app/application.h"

#include "settings/paths.h"
#include "ui/bridge/engine_settings.h"
#include "ui/main_window/main_window.h"

namespace studio::app {

Application::Application(int& argc, char** argv)
    : qt_(argc, argv),
      log_(settings::logFile()),
      settings_(settings::settingsFile()),
      language_(qt_, settings_),
      style_(qt_, settings_),
      inspector_(engine::makeInspector(engine::pathFromUtf8(settings::cacheFolder().toStdString()),
                                       engine::pathFromUtf8(settings::modelChoicesFile().toStdString()))),
      tokenCounter_(engine::makeTokenCounter()),
      promptLinter_(engine::makePromptLinter()),
      devices_(engine::makeDeviceCatalog()),
      estimator_(engine::makeEstimator()),
      unfinishedJobs_(engine::makeUnfinishedJobs(engine::pathFromUtf8(settings::stateFolder().toStdString()))),
      generator_(engine::makeGenerator(ui::engineOptionsFrom(settings_), log_.sink())) {
  QApplication::setApplicationName(QStringLiteral("kiln-studio"));
  QApplication::setApplicationDisplayName(QStringLiteral("Kiln Studio"));
  QApplication::setApplicationVersion(QString::fromUtf8(engine::engineVersion()));
  QApplication::setDesktopFileName(QStringLiteral("kiln-studio"));
  workspace_ = std::make_unique<ui::Workspace>(ui::Collaborators{settings_, *generator_, *inspector_, *tokenCounter_,
                                                                 *promptLinter_, *devices_, *estimator_,
                                                                 *unfinishedJobs_, QApplication::applicationVersion()});
  openWindow();
  // A change of language makes a new window; the session behind it goes on.
  QObject::connect(
      &language_, &ui::Language::changed, workspace_.get(), [this] { openWindow(); }, Qt::QueuedConnection);
}

Application::~Application() = default;

void Application::openWindow() {
  if (window_ == nullptr) {
    window_ = std::make_unique<ui::MainWindow>(*workspace_);
    return;
  }
  QApplication::setQuitOnLastWindowClosed(false);
  window_->giveWay();
  workspace_->session.updateReasons();
  window_ = std::make_unique<ui::MainWindow>(*workspace_);
  window_->show();
  QApplication::setQuitOnLastWindowClosed(true);
}

int Application::run() {
  window_->show();
  return QApplication::exec();
}

}  // namespace studio::app
