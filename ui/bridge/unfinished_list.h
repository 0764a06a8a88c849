#pragma once

#include "engine/api/unfinished_jobs.h"

#include <QObject>
#include <QThreadPool>

#include <string>
#include <vector>

namespace studio::ui {

/// The jobs that an earlier studio left unfinished, as found at the start, and those that rest since; not dealt with
/// yet. Files are looked at on a thread of its own; all else on the GUI thread.
class UnfinishedList : public QObject {
  Q_OBJECT

 public:
  /// `jobs` must outlive the list.
  explicit UnfinishedList(const engine::UnfinishedJobs& jobs, QObject* parent = nullptr);
  ~UnfinishedList() override;

  /// Oldest first.
  const std::vector<engine::UnfinishedJob>& jobs() const { return found_; }

  /// One that rests since now.
  void add(const engine::UnfinishedJob& job);
  /// The job is somebody else's from here on.
  void take(const std::string& id);
  /// Takes the job away for good.
  void discard(const std::string& id);
  /// Not now: at the next start they are found again.
  void postpone();

 Q_SIGNALS:
  void changed();
  void discardFailed(const engine::EngineError& error);

 private:
  void look();

  const engine::UnfinishedJobs& jobs_;
  std::vector<engine::UnfinishedJob> found_;
  QThreadPool worker_;  ///< last member: its thread ends before what it uses
};

}  // namespace studio::ui
