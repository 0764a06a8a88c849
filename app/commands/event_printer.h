#pragma once

#include "app/commands/progress_line.h"
#include "engine/api/engine_event.h"

#include <iosfwd>

namespace studio::app {

/// Where a job's events go while `studio generate` waits: paths or JSON lines to standard output, words to standard
/// error. With JSON the words are only the notes and the failure.
class EventPrinter {
 public:
  EventPrinter(std::ostream& out, std::ostream& error, bool terminal, bool json, int batches);

  void print(const engine::EngineEvent& event);

  /// The person pressed Ctrl+C.
  void stopping();

 private:
  void printForPeople(const engine::EngineEvent& event);
  void say(const std::string& words);

  std::ostream& out_;
  std::ostream& error_;
  bool json_;
  ProgressLine progress_;
};

}  // namespace studio::app
