#include "app/commands/memory_report_json.h"

#include "app/commands/human_text.h"

namespace studio::app {
namespace {

Json holderJson(const engine::MemoryHolder& holder) {
  Json json{{"kind", engine::holderKindName(holder.kind)}, {"bytes", holder.bytes.count}};
  if (!holder.name.empty()) json["name"] = holder.name;
  if (holder.blocks > 0) {
    json["blocks"] = holder.blocks;
    json["present_blocks"] = holder.presentBlocks;
  }
  return json;
}

Json fixesJson(const std::vector<engine::MemoryFix>& fixes) {
  Json list = Json::array();
  for (const engine::MemoryFix& fix : fixes) {
    Json json{{"what", fix.what.text()},
              {"peak_bytes", fix.peak.count},
              {"picture", engine::pictureEffectName(fix.effect)},
              {"keeps_steps", fix.keepsSteps()}};
    if (fix.seconds) json["seconds"] = fix.seconds->count();
    list.push_back(std::move(json));
  }
  return list;
}

const char* effectText(engine::PictureEffect effect) {
  switch (effect) {
    case engine::PictureEffect::Identical:
      return "the same picture";
    case engine::PictureEffect::SameToTheEye:
      return "the same to the eye";
    case engine::PictureEffect::Different:
      return "another picture";
  }
  return "";
}

}  // namespace

Json memoryReportJson(const engine::MemoryReport& report) {
  Json holders = Json::array(), rungs = Json::array();
  for (const engine::MemoryHolder& holder : report.holders) holders.push_back(holderJson(holder));
  for (const engine::Sentence& rung : report.rungs) rungs.push_back(rung.text());
  return {{"phase", engine::phaseName(report.phase)},
          {"step", report.step},
          {"ran", report.ran},
          {"pool", report.host ? "host" : "device"},
          {"asked_bytes", report.asked.count},
          {"in_use_bytes", report.inUse.count},
          {"free_bytes", report.free.count},
          {"largest_free_piece_bytes", report.largestPiece.count},
          {"limit_bytes", report.limit.count},
          {"predicted_peak_bytes", report.predictedPeak.count},
          {"measured_peak_bytes", report.measuredPeak.count},
          {"streamed_bytes_per_step", report.streamedPerStep.count},
          {"holders", std::move(holders)},
          {"rungs", std::move(rungs)},
          {"fixes", fixesJson(report.fixes)},
          {"not_enough", fixesJson(report.notEnough)}};
}

std::string fixesText(const engine::MemoryReport& report) {
  std::string text;
  for (const engine::MemoryFix& fix : report.fixes)
    text += "  " + fix.what.text() +
            (fix.peak.count > 0 ? " At most " + bytesText(fix.peak) : " Nothing on the device") + ", " +
            effectText(fix.effect) + ".\n";
  return text.empty() ? text : "What would help, the gentlest first:\n" + text;
}

}  // namespace studio::app
