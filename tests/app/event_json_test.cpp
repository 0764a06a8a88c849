#include "app/commands/event_json.h"

#include "app/commands/memory_report_json.h"

#include <gtest/gtest.h>

#include <sstream>

namespace studio::app {
namespace {

using namespace engine;

std::string line(const EngineEvent& event) {
  const auto json = eventJson(event);
  return json ? json->dump() : "";
}

TEST(EventJson, hasTheFieldsProgramsRelyOn) {
  const JobId job{3};
  EXPECT_EQ(
      line(ModelLoaded{job, "/m/a.safetensors", "SD 1.x", Precision::BFloat16, 2, {"faster", {}}, Seconds(0.5)}),
      R"({"event":"loaded","model":"/m/a.safetensors","family":"SD 1.x","precision":"bf16","threads":2,"reason":"faster","seconds":0.5})");
  EXPECT_EQ(line(PhaseStarted{job, Phase::Denoise}), R"({"event":"phase","phase":"denoise","state":"started"})");
  EXPECT_EQ(line(PhaseFinished{job, Phase::Decode, Seconds(2)}),
            R"({"event":"phase","phase":"decode","state":"finished","seconds":2.0})");
  EXPECT_EQ(line(StepFinished{job, 1, 4, 20, Seconds(0.25)}),
            R"({"event":"step","batch":1,"step":4,"of":20,"seconds":0.25})");
  EXPECT_EQ(line(PreviewReady{job, 1, 4, {Image{{64, 32}, 3, nullptr}, Image{}}}),
            R"({"event":"preview","batch":1,"step":4,"images":2,"width":64,"height":32})");
  EXPECT_EQ(line(ImageFinished{job, 2, "/o/a.png", Seed{18446744073709551615U}, Image{{64, 32}, 3, nullptr}}),
            R"({"event":"image","index":2,"path":"/o/a.png","seed":18446744073709551615,"width":64,"height":32})");
  EXPECT_EQ(line(JobFailed{job, {ErrorKind::OutOfMemory, "Too large.", "2 GiB"}}),
            R"({"event":"failed","kind":"out_of_memory","message":"Too large.","detail":"2 GiB"})");
  EXPECT_EQ(line(JobCancelled{job}), R"({"event":"cancelled"})");
  EXPECT_EQ(
      line(JobFinished{job, 2, Seconds(3), {100}, {50}, {49}, 0, {sentence("%1 was less.", 2)}, {}, {12}}),
      R"({"event":"finished","images":2,"seconds":3.0,"peak_host_bytes":100,"peak_device_bytes":50,"predicted_peak_bytes":49,"rungs":["2 was less."],"resumed_from_step":0,"phases":[],"streamed_bytes_per_step":12})");
  JobFinished measured{job};
  measured.phases = {
      {Phase::Denoise, {100}, {99}, PredictedTime{Seconds(8), Seconds(6), Seconds(9)}, Seconds(7.5)},
      {Phase::Decode, {50}, {51}, std::nullopt, Seconds(2)},
  };
  const std::string text = line(measured);
  const auto phases = nlohmann::json::parse(text)["phases"];
  EXPECT_EQ(phases[0]["name"], "denoise");
  EXPECT_EQ(phases[0]["predicted_peak_bytes"], 100);
  EXPECT_EQ(phases[0]["peak_bytes"], 99);
  EXPECT_EQ(phases[0]["predicted_seconds"], 8);
  EXPECT_EQ(phases[0]["predicted_seconds_high"], 9);
  EXPECT_EQ(phases[0]["seconds"], 7.5);
  EXPECT_TRUE(phases[1].contains("predicted_seconds"));
  EXPECT_TRUE(phases[1]["predicted_seconds"].is_null());
  EXPECT_EQ(line(RungTaken{job, sentence("%1 was less.", 2), Phase::Decode, 5}),
            R"({"event":"rung","what":"2 was less.","phase":"decode","step":5})");
}

TEST(EventJson, aFailureForWantOfMemoryTellsWhoHeldItAndWhatWouldHelp) {
  MemoryReport report;
  report.asked = {100}, report.free = {40}, report.limit = {500};
  report.holders = {{MemoryHolder::Kind::Weights, "unet", {400}, 25, 12}, {MemoryHolder::Kind::Cache, {}, {7}}};
  MemoryFix fix;
  fix.what = sentence("Less of it.");
  fix.peak = {300};
  fix.effect = PictureEffect::SameToTheEye;
  report.fixes = {fix};
  EngineError error{ErrorKind::OutOfMemory, "Memory ran out.", ""};
  error.memory = std::make_shared<MemoryReport>(report);
  const Json json = *eventJson(JobFailed{{}, error, {"abc", 3, 20, Phase::Denoise}});
  EXPECT_EQ(json["kept"].dump(), R"({"job":"abc","step":3,"of":20})");
  const Json& memory = json["memory"];
  EXPECT_EQ(memory["asked_bytes"], 100);
  EXPECT_EQ(memory["free_bytes"], 40);
  EXPECT_EQ(memory["limit_bytes"], 500);
  EXPECT_EQ(
      memory["holders"].dump(),
      R"([{"kind":"weights","bytes":400,"name":"unet","blocks":25,"present_blocks":12},{"kind":"cache","bytes":7}])");
  EXPECT_EQ(memory["fixes"].dump(),
            R"([{"what":"Less of it.","peak_bytes":300,"picture":"same_to_the_eye","keeps_steps":true}])");
}

TEST(EventJson, tellsWhereDenoisingGoesOn) {
  EXPECT_EQ(line(PhaseStarted{{}, Phase::Denoise, {1, 7, 20}}),
            R"({"event":"phase","phase":"denoise","state":"started","batch":1,"step":7,"of":20})");
  EXPECT_EQ(line(PhaseStarted{{}, Phase::Load}), R"({"event":"phase","phase":"load","state":"started"})");
}

TEST(EventJson, namesWhatIsBehindAFailure) {
  EngineError error{ErrorKind::Device, "The driver is too old.", ""};
  error.diagnosis = Diagnosis::DriverTooOld;
  EXPECT_EQ((*eventJson(JobFailed{{}, error}))["diagnosis"], "driver_too_old");
  error.diagnosis = Diagnosis::None;
  EXPECT_FALSE(eventJson(JobFailed{{}, error})->contains("diagnosis"));
}

TEST(EventJson, leavesWordsForPeopleOut) {
  EXPECT_EQ(line(JobStarted{}), "");
  EXPECT_EQ(line(Notice{{}, "words"}), "");
}

TEST(EventJson, staysOnOneAsciiLineWhateverATextHolds) {
  std::ostringstream out;
  printJson(out, *eventJson(JobFailed{{}, {ErrorKind::BadFile, "桜\nsecond\xFF", ""}}));
  EXPECT_EQ(out.str(),
            "{\"event\":\"failed\",\"kind\":\"bad_file\",\"message\":\"\\u685c\\nsecond\\ufffd\",\"detail\":\"\"}\n");
}

TEST(FixesText, saysOfAWayThatNeedsNothingOfTheDeviceThatItDoes) {
  engine::MemoryReport report;
  engine::MemoryFix fix;
  fix.what = engine::sentence("Everything on the processor.");
  report.fixes = {fix};
  EXPECT_NE(fixesText(report).find("Nothing on the device, the same picture."), std::string::npos);
  report.fixes[0].peak = {3 << 20};
  EXPECT_NE(fixesText(report).find("At most 3.00 MiB, the same picture."), std::string::npos) << fixesText(report);
}

}  // namespace
}  // namespace studio::app
