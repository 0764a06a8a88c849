#pragma once

#include "engine/api/needed_files.h"

#include <QObject>
#include <QThreadPool>

#include <filesystem>
#include <stop_token>
#include <vector>

namespace studio::ui {

/// Looks for files by their hashes on a thread of its own: a first look at a folder of models reads gigabytes. One
/// search at a time; a new one ends the former without a word. Everything here is called on the GUI thread, and
/// signals come there.
class HashSearch : public QObject {
  Q_OBJECT

 public:
  /// The inspector must outlive the search.
  explicit HashSearch(const engine::Inspector& inspector, QObject* parent = nullptr);
  ~HashSearch() override;

  void start(std::vector<engine::NeededFile> wanted, std::vector<std::filesystem::path> files);
  /// finished() follows, with what was found until now.
  void stop();
  bool isRunning() const { return running_; }

 Q_SIGNALS:
  /// How much of the files that had to be read is read; a few times a second.
  void progressed(qint64 readBytes, qint64 ofBytes);
  /// Those with a path in `found` were found.
  void finished(const std::vector<engine::NeededFile>& files, bool stopped);

 private:
  void search(int number, std::vector<engine::NeededFile> wanted, const std::vector<std::filesystem::path>& files,
              const std::stop_token& stop);

  const engine::Inspector& inspector_;
  std::stop_source stop_;
  int number_ = 0;  ///< of the newest search: what former ones say does not count
  bool running_ = false;
  QThreadPool worker_;  ///< last member: its thread ends before what it uses
};

}  // namespace studio::ui
