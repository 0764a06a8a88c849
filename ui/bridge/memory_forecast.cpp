#include "ui/bridge/memory_forecast.h"

#include "settings/app_settings.h"
#include "ui/bridge/engine_settings.h"
#include "ui/bridge/model_fixes.h"
#include "ui/bridge/request_draft.h"
#include "ui/bridge/text.h"

#include <utility>

namespace studio::ui {
namespace {

constexpr int kPauseMilliseconds = 80;  // between keys of somebody who types fast

}  // namespace

MemoryForecast::MemoryForecast(RequestDraft& draft, settings::AppSettings& settings, engine::Estimator& estimator,
                               QObject* parent)
    : QObject(parent), draft_(draft), settings_(settings), estimator_(estimator) {
  worker_.setMaxThreadCount(1);
  pause_.setSingleShot(true);
  pause_.setInterval(kPauseMilliseconds);
  connect(&pause_, &QTimer::timeout, this, &MemoryForecast::ask);
  connect(&draft_, &RequestDraft::changed, this, &MemoryForecast::refresh);
  connect(&settings_.store(), &settings::Store::changed, this, [this](const QString& key) {
    if (concernsEngine(settings_, key)) refresh();
  });
  refresh();
}

MemoryForecast::~MemoryForecast() {
  worker_.clear();
  worker_.waitForDone();
}

void MemoryForecast::refresh() { pause_.start(); }

void MemoryForecast::ask() {
  if (draft_.request().model.empty()) {
    if (std::exchange(estimate_, std::nullopt)) Q_EMIT changed();
    return;
  }
  again_ = asking_;
  if (asking_) return;
  asking_ = true;
  worker_.start([this, request = draft_.request(), options = engineOptionsFor(settings_, draft_.request().model)] {
    auto answer = estimator_.estimate(request, options);
    QMetaObject::invokeMethod(this, [this, answer = std::move(answer)] { take(answer); });
  });
}

/// What was wrong with a request that cannot be estimated is said elsewhere, where it can be mended.
void MemoryForecast::take(const engine::Result<engine::MemoryEstimate>& answer) {
  asking_ = false;
  if (std::exchange(again_, false)) return ask();
  estimate_.reset();
  if (answer) estimate_ = answer.value();
  Q_EMIT changed();
}

engine::OptionsPatch MemoryForecast::ownOptions() const { return modelFix(settings_, draft_.request().model); }

void MemoryForecast::forgetOwnOptions() {
  draft_.closeStep();
  draft_.undoStack().push(new ModelFixStep(settings_, draft_.request().model, {}, tr("Memory as for other models")));
}

void MemoryForecast::apply(const engine::MemoryChange& change) {
  if (change.mode) settings_.memoryMode.set(toQString(engine::idOf(*change.mode)));
  if (!change.patch.present.empty()) draft_.apply(change.patch, tr("Less memory"));
}

}  // namespace studio::ui
