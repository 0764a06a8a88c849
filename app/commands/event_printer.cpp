#include "app/commands/event_printer.h"

#include "app/commands/event_json.h"
#include "app/commands/human_text.h"
#include "app/commands/memory_report_json.h"
#include "app/commands/plan_json.h"

#include <ostream>
#include <string>

namespace studio::app {
namespace {

std::string loadedText(const engine::ModelLoaded& loaded) {
  const std::string name = engine::utf8FromPath(loaded.model.stem());
  std::string text = "Model " + name + " (" + loaded.family + ") in " + secondsText(loaded.seconds.count()) + ", " +
                     std::string(engine::idOf(loaded.precision)) + ", " + std::to_string(loaded.threads) +
                     (loaded.threads == 1 ? " thread" : " threads");
  if (!loaded.reason.pattern.empty()) text += "; " + loaded.reason.text();
  return text;
}

std::string finishedText(const engine::JobFinished& finished) {
  const std::string earlier =
      finished.earlier > 0 ? ", of which " + std::to_string(finished.earlier) + " were there before," : "";
  return std::to_string(finished.images) + (finished.images == 1 ? " picture" : " pictures") + earlier + " in " +
         secondsText(finished.seconds.count()) + ", at most " + bytesText(finished.peakHostBytes) + " of memory";
}

std::string keptText(const engine::KeptJob& kept) {
  const std::string steps = std::to_string(kept.step) + " of " + std::to_string(kept.of);
  return "Its steps are kept (" + steps + "): studio resume " + kept.id;
}

}  // namespace

EventPrinter::EventPrinter(std::ostream& out, std::ostream& error, bool terminal, bool json, int batches)
    : out_(out), error_(error), json_(json), progress_(error, terminal && !json) {
  progress_.begin(batches);
}

void EventPrinter::print(const engine::EngineEvent& event) {
  if (json_) {
    if (const auto json = eventJson(event)) printJson(out_, *json);
  }
  printForPeople(event);
}

void EventPrinter::stopping() { say("Stopping …"); }

void EventPrinter::printForPeople(const engine::EngineEvent& event) {
  using namespace engine;
  const Visitor visitor{
      [this](const JobStarted& e) {
        if (!json_ && e.from.step > 0)
          say("Going on after step " + std::to_string(e.from.step) + " of " + std::to_string(e.from.of) + ".");
      },
      [this](const ModelLoaded& e) {
        if (!json_) say(loadedText(e));
      },
      [this](const JobPlanned& e) {
        if (!json_ && e.plan.budget.count > 0) say(planSentence(e.plan));
      },
      [this](const RungTaken& e) { say("Note: " + e.what.text()); },
      [this](const ConsentAsked&) { progress_.clear(); },
      [this](const PhaseStarted& e) { progress_.phase(e); },
      [](const PhaseFinished&) {},
      [this](const StepFinished& e) { progress_.step(e); },
      [](const PreviewReady&) {},
      [this](const ImageFinished& e) {
        progress_.clear();
        if (!json_) out_ << utf8FromPath(e.path) << std::endl;
      },
      [this](const Notice& e) { say("Note: " + e.message); },
      [this](const JobFailed& e) {
        say("Error: " + e.error.message);
        if (!e.error.detail.empty()) say("  " + e.error.detail);
        if (json_) return;
        if (e.error.memory != nullptr) error_ << fixesText(*e.error.memory) << std::flush;
        if (e.kept) say(keptText(e.kept));
      },
      [](const JobGaveWay&) {},
      [this](const JobCancelled&) { say("Cancelled."); },
      [this](const JobPaused& e) { say(keptText(e.kept)); },
      [this](const JobFinished& e) {
        progress_.clear();
        if (!json_) say(finishedText(e));
      },
  };
  std::visit(visitor, event);
}

void EventPrinter::say(const std::string& words) {
  progress_.clear();
  error_ << printable(words) << std::endl;
}

}  // namespace studio::app
