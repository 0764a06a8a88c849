#pragma once

#include "engine/api/estimator.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <optional>

namespace studio::settings {
class AppSettings;
}

namespace studio::ui {

class RequestDraft;

/// What the picture that is being described would take: asks the engine's estimator beside the running engine, a
/// moment after the last change, on a thread of its own. Only the newest question counts. GUI thread.
class MemoryForecast : public QObject {
  Q_OBJECT

 public:
  /// Everything outlives the forecast.
  MemoryForecast(RequestDraft& draft, settings::AppSettings& settings, engine::Estimator& estimator,
                 QObject* parent = nullptr);
  ~MemoryForecast() override;

  /// The newest estimate; nothing before the first one and while the request cannot be estimated.
  const std::optional<engine::MemoryEstimate>& estimate() const { return estimate_; }

  /// Asks anew soon: what is free or what the files hold has changed.
  void refresh();
  /// Takes a change that would make it fit over: into the request as one undo step, or into the settings.
  void apply(const engine::MemoryChange& change);
  /// What was chosen for the draft's model alone, and away with it as an undo step.
  engine::OptionsPatch ownOptions() const;
  void forgetOwnOptions();

 Q_SIGNALS:
  void changed();

 private:
  void ask();
  void take(const engine::Result<engine::MemoryEstimate>& answer);

  RequestDraft& draft_;
  settings::AppSettings& settings_;
  engine::Estimator& estimator_;
  std::optional<engine::MemoryEstimate> estimate_;
  QTimer pause_;
  bool asking_ = false;  ///< the worker has a question
  bool again_ = false;   ///< and there is a newer one
  QThreadPool worker_;   ///< last member: its thread ends before what it uses
};

}  // namespace studio::ui
