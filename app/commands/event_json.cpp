#include "app/commands/event_json.h"

#include "app/commands/memory_report_json.h"
#include "app/commands/plan_json.h"

#include <ostream>
#include <string>
#include <vector>

namespace studio::app {
namespace {

Json phase(engine::Phase phase, const char* state) {
  return {{"event", "phase"}, {"phase", engine::phaseName(phase)}, {"state", state}};
}

Json startedJson(const engine::PhaseStarted& started) {
  Json json = phase(started.phase, "started");
  const engine::StepPlace& from = started.from;
  if (from.of > 0) json["batch"] = from.batch, json["step"] = from.step, json["of"] = from.of;
  return json;
}

std::vector<std::string> textsOf(const std::vector<engine::Sentence>& sentences) {
  std::vector<std::string> texts;
  texts.reserve(sentences.size());
  for (const engine::Sentence& one : sentences) texts.push_back(one.text());
  return texts;
}

Json rungJson(const engine::RungTaken& rung) {
  return {{"event", "rung"}, {"what", rung.what.text()}, {"phase", engine::phaseName(rung.phase)}, {"step", rung.step}};
}

Json finishedJson(const engine::JobFinished& finished) {
  return {{"event", "finished"},
          {"images", finished.images},
          {"seconds", finished.seconds.count()},
          {"peak_host_bytes", finished.peakHostBytes.count},
          {"peak_device_bytes", finished.peakDeviceBytes.count},
          {"predicted_peak_bytes", finished.predictedPeakBytes.count},
          {"rungs", textsOf(finished.rungs)},
          {"resumed_from_step", finished.resumedFromStep},
          {"phases", reportsJson(finished.phases)},
          {"streamed_bytes_per_step", finished.streamedBytesPerStep.count}};
}

Json failedJson(const engine::JobFailed& failed) {
  Json json{{"event", "failed"},
            {"kind", errorKindName(failed.error.kind)},
            {"message", failed.error.message},
            {"detail", failed.error.detail}};
  if (failed.error.diagnosis != engine::Diagnosis::None)
    json["diagnosis"] = engine::diagnosisName(failed.error.diagnosis);
  if (failed.kept) json["kept"] = {{"job", failed.kept.id}, {"step", failed.kept.step}, {"of", failed.kept.of}};
  if (failed.error.memory != nullptr) json["memory"] = memoryReportJson(*failed.error.memory);
  return json;
}

}  // namespace

std::optional<Json> eventJson(const engine::EngineEvent& event) {
  using namespace engine;
  using Line = std::optional<Json>;
  const Visitor visitor{
      [](const JobStarted&) -> Line { return std::nullopt; },
      [](const ModelLoaded& e) -> Line {
        return Json{{"event", "loaded"},           {"model", utf8FromPath(e.model)},
                    {"family", e.family},          {"precision", std::string(idOf(e.precision))},
                    {"threads", e.threads},        {"reason", e.reason.text()},
                    {"seconds", e.seconds.count()}};
      },
      [](const JobPlanned& e) -> Line {
        Json json = planJson(e.plan);
        json["event"] = "planned";
        return json;
      },
      [](const RungTaken& e) -> Line { return rungJson(e); },
      [](const ConsentAsked& e) -> Line {
        return Json{{"event", "question"}, {"message", e.what.text()}};
      },
      [](const PhaseStarted& e) -> Line { return startedJson(e); },
      [](const PhaseFinished& e) -> Line {
        Json json = phase(e.phase, "finished");
        json["seconds"] = e.seconds.count();
        return json;
      },
      [](const StepFinished& e) -> Line {
        return Json{
            {"event", "step"}, {"batch", e.batch}, {"step", e.step}, {"of", e.of}, {"seconds", e.seconds.count()}};
      },
      [](const PreviewReady& e) -> Line {
        const PixelSize size = e.images.empty() ? PixelSize{0, 0} : e.images.front().size;
        return Json{{"event", "preview"},        {"batch", e.batch},    {"step", e.step},
                    {"images", e.images.size()}, {"width", size.width}, {"height", size.height}};
      },
      [](const ImageFinished& e) -> Line {
        return Json{{"event", "image"},
                    {"index", e.index},
                    {"path", utf8FromPath(e.path)},
                    {"seed", e.seed.value},
                    {"width", e.image.size.width},
                    {"height", e.image.size.height}};
      },
      [](const Notice&) -> Line { return std::nullopt; },
      [](const JobGaveWay&) -> Line {
        return Json{{"event", "gave_way"}};
      },
      [](const JobFailed& e) -> Line { return failedJson(e); },
      [](const JobCancelled&) -> Line {
        return Json{{"event", "cancelled"}};
      },
      [](const JobPaused& e) -> Line {
        return Json{{"event", "paused"}, {"job", e.kept.id}, {"step", e.kept.step}, {"of", e.kept.of}};
      },
      [](const JobFinished& e) -> Line { return finishedJson(e); },
  };
  return std::visit(visitor, event);
}

void addSeconds(Json& json, const std::optional<engine::PredictedTime>& time, const std::string& prefix) {
  json[prefix + "seconds"] = time ? Json(time->likely.count()) : Json();
  json[prefix + "seconds_low"] = time ? Json(time->low.count()) : Json();
  json[prefix + "seconds_high"] = time ? Json(time->high.count()) : Json();
}

Json reportsJson(const std::vector<engine::PhaseReport>& reports) {
  Json phases = Json::array();
  for (const engine::PhaseReport& report : reports) {
    phases.push_back({{"name", engine::phaseName(report.phase)},
                      {"predicted_peak_bytes", report.predictedPeak.count},
                      {"peak_bytes", report.peak.count}});
    addSeconds(phases.back(), report.predicted, "predicted_");
    phases.back()["seconds"] = report.seconds.count();
  }
  return phases;
}

void printJson(std::ostream& out, const Json& json) {
  out << json.dump(-1, ' ', true, Json::error_handler_t::replace) << std::endl;
}

}  // namespace studio::app
