#pragma once

#include "app/log_file.h"
#include "engine/api/engine_factory.h"
#include "settings/app_settings.h"
#include "ui/main_window/workspace.h"
#include "ui/style/language.h"
#include "ui/style/style.h"

#include <QApplication>

#include <memory>

namespace studio::ui {
class MainWindow;
}

namespace studio::app {

/// The composition root: settings, engine, workspace, window, made in this order and destroyed in reverse, so the
/// engine thread ends after the window and before the log.
class Application {
 public:
  Application(int& argc, char** argv);
  ~Application();

  /// Shows the window and returns when it is closed.
  int run();
  ui::MainWindow& window() { return *window_; }
  ui::Workspace& workspace() { return *workspace_; }

 private:
  void openWindow();

  QApplication qt_;
  LogFile log_;
  settings::AppSettings settings_;
  ui::Language language_;
  ui::Style style_;
  std::unique_ptr<engine::Inspector> inspector_;
  std::unique_ptr<engine::TokenCounter> tokenCounter_;
  std::unique_ptr<engine::PromptLinter> promptLinter_;
  std::unique_ptr<engine::DeviceCatalog> devices_;
  std::unique_ptr<engine::Estimator> estimator_;
  std::unique_ptr<engine::UnfinishedJobs> unfinishedJobs_;
  std::unique_ptr<engine::Generator> generator_;
  std::unique_ptr<ui::Workspace> workspace_;
  std::unique_ptr<ui::MainWindow> window_;
};

}  // namespace studio::app
