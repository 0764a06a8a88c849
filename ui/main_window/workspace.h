#pragma once

#include "engine/api/device_catalog.h"
#include "engine/api/estimator.h"
#include "engine/api/generator.h"
#include "engine/api/inspector.h"
#include "engine/api/prompt_linter.h"
#include "engine/api/token_counter.h"
#include "engine/api/unfinished_jobs.h"
#include "ui/bridge/draft_keeper.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/bridge/generation_session.h"
#include "ui/bridge/library.h"
#include "ui/bridge/memory_forecast.h"
#include "ui/bridge/model_choice_keeper.h"
#include "ui/bridge/picture_files.h"
#include "ui/bridge/picture_restorer.h"
#include "ui/bridge/request_draft.h"
#include "ui/bridge/unfinished_list.h"
#include "ui/gallery/gallery_model.h"
#include "ui/main_window/machine_watch.h"

#include <QString>

namespace studio::settings {
class AppSettings;
}

namespace studio::ui {

/// What the window needs from outside; everything outlives the workspace.
struct Collaborators {
  settings::AppSettings& settings;
  engine::Generator& generator;
  const engine::Inspector& inspector;
  engine::TokenCounter& tokenCounter;
  const engine::PromptLinter& promptLinter;
  const engine::DeviceCatalog& devices;
  engine::Estimator& estimator;
  const engine::UnfinishedJobs& unfinishedJobs;
  QString version;
};

/// Everything behind the window that outlives it: a change of language makes a new window, not a new session.
/// Members are destroyed in reverse, those that other ones refer to last.
class Workspace : public QObject {
  Q_OBJECT

 public:
  explicit Workspace(const Collaborators& outside, QObject* parent = nullptr);

  const Collaborators outside;
  RequestDraft draft;
  Library library;
  DraftKeeper draftKeeper;
  ModelChoiceKeeper choiceKeeper;
  EngineBridge bridge;
  GenerationSession session;
  MemoryForecast forecast;
  PictureFiles pictureFiles;
  PictureRestorer restorer;
  UnfinishedList unfinished;
  GalleryModel gallery;
  MachineWatch machine;
};

}  // namespace studio::ui
