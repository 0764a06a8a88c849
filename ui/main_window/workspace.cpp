#include "ui/main_window/workspace.h"

#include "ui/bridge/engine_settings.h"

#include <utility>

namespace studio::ui {

Workspace::Workspace(const Collaborators& collaborators, QObject* parent)
    : QObject(parent),
      outside(collaborators),
      library(outside.inspector, outside.settings),
      draftKeeper(draft, library, outside.settings),
      choiceKeeper(draft, library),
      bridge(outside.generator),
      session(outside.generator, bridge, draft, library, outside.settings),
      forecast(draft, outside.settings, outside.estimator),
      restorer(draft, library, pictureFiles, outside.inspector),
      unfinished(outside.unfinishedJobs),
      machine(outside.devices) {
  connect(
      &session, &GenerationSession::pictureFinished, this,
      [this](const engine::ImageFinished& event, const engine::GenerationRequest& request) {
        gallery.add({event.path, event.seed, event.image.size, request, QDateTime::currentDateTime(), event.image, {}});
      });
  connect(&library, &Library::changed, this, [this] { outside.tokenCounter.setEmbeddings(library.embeddingNames()); });
  connect(&library, &Library::changed, &forecast, &MemoryForecast::refresh);
  connect(&session, &GenerationSession::stateChanged, &forecast, &MemoryForecast::refresh);
  outside.generator.setOptions(engineOptionsFrom(outside.settings));
  library.rescan();
}

}  // namespace studio::ui
