#include "tests/app/command_fixture.h"

namespace studio::app {
namespace {

using engine::UnfinishedJob;

class JobsCommandTest : public CommandTest {
 protected:
  JobsCommandTest() {
    UnfinishedJob old = job("1-old");
    old.setAside = true;
    old.crashes = 2;
    UnfinishedJob half = job("2-half");
    half.request.prompt = "桜の木 " + std::string(80, 'x');
    half.pictures = 4;
    half.picturesDone = 1;
    half.step = 12;
    half.steps = 20;
    half.memoryWasShort = true;
    UnfinishedJob broken;
    broken.id = "3-broken";
    broken.readable = false;
    UnfinishedJob running = job("4-running");
    running.running = true;
    unfinished = {old, half, broken, running};
  }

  static UnfinishedJob job(const std::string& id) {
    UnfinishedJob job;
    job.id = id;
    job.submitted = 1'700'000'000;
    job.request.model = "/models/kiln.safetensors";
    job.request.prompt = "a red apple";
    job.request.seed = engine::Seed{7};
    return job;
  }
};

TEST_F(JobsCommandTest, listsJobsForPeople) {
  EXPECT_EQ(run({"jobs"}), kDone);
  for (const char* words :
       {"2-half", "kiln", "step 12 of 20, picture 2 of 4", "may go on (main memory was nearly full)",
        "set aside after 2 crashes", "running", "cannot be read", "not begun", "桜の木 xxx"})
    EXPECT_NE(out.str().find(words), std::string::npos) << words << "\n" << out.str();
  EXPECT_EQ(out.str().find(std::string(70, 'x')), std::string::npos) << "only the start of a long prompt";
  unfinished.clear();
  EXPECT_EQ(run({"jobs"}), kDone);
  EXPECT_NE(error.str().find("There is no unfinished job."), std::string::npos);
}

TEST_F(JobsCommandTest, listsJobsForPrograms) {
  EXPECT_EQ(run({"jobs", "--json"}), kDone);
  ASSERT_EQ(jsonLines().size(), 1U);
  const nlohmann::json jobs = jsonLines()[0]["jobs"];
  ASSERT_EQ(jobs.size(), 4U);
  EXPECT_EQ(jobs[1]["id"], "2-half");
  EXPECT_EQ(jobs[1]["step"], 12);
  EXPECT_EQ(jobs[1]["of"], 20);
  EXPECT_EQ(jobs[1]["pictures"], 4);
  EXPECT_EQ(jobs[1]["pictures_done"], 1);
  EXPECT_EQ(jobs[1]["seed"], 7);
  EXPECT_EQ(jobs[1]["model"], "/models/kiln.safetensors");
  EXPECT_EQ(jobs[0]["set_aside"], true);
  EXPECT_EQ(jobs[0]["crashes"], 2);
  EXPECT_EQ(jobs[2]["readable"], false);
  EXPECT_EQ(jobs[3]["running"], true);
}

TEST_F(JobsCommandTest, discardsAJob) {
  EXPECT_EQ(run({"jobs", "--discard", "2-half"}), kDone);
  EXPECT_EQ(asked.discarded, std::vector<std::string>{"2-half"});
  EXPECT_EQ(run({"jobs", "--discard", "other", "--json"}), kBadInputFile);
  EXPECT_EQ(jsonLines().at(0)["event"], "failed");
}

TEST_F(JobsCommandTest, resumesTheNewestJobThatMayGoOn) {
  environment.stateFolder = "/state";
  EXPECT_EQ(run({"resume", "--last", "--json"}), kDone) << error.str();
  EXPECT_EQ(asked.resumed, std::vector<std::string>{"2-half"});
  EXPECT_EQ(asked.options.stateFolder, "/state");
  EXPECT_EQ(jsonLines().back()["event"], "finished");
  EXPECT_EQ(jsonLines().back()["resumed_from_step"], 0);
}

TEST_F(JobsCommandTest, showsWhatAJobHasWithoutGoingOn) {
  script = [](engine::JobId job, const engine::GenerationRequest&) {
    return std::vector<engine::EngineEvent>{engine::JobPaused{job, {"2-half", 7, 20}}};
  };
  EXPECT_EQ(run({"resume", "--last", "--partial"}), kDone) << error.str();
  EXPECT_EQ(asked.keptPartial, std::vector<std::string>{"2-half"});
  EXPECT_NE(error.str().find("Its steps are kept (7 of 20): studio resume 2-half"), std::string::npos) << error.str();
}

TEST_F(JobsCommandTest, takesOneThatWasSetAsideOnlyByNameOrWhenThereIsNoOther) {
  EXPECT_EQ(run({"resume", "1-old"}), kDone);
  unfinished.erase(unfinished.begin() + 1);
  EXPECT_EQ(run({"resume", "--last"}), kDone);
  EXPECT_EQ(asked.resumed, (std::vector<std::string>{"1-old", "1-old"}));
  EXPECT_NE(error.str().find("ended 2 times in the middle of this job"), std::string::npos) << error.str();
}

TEST_F(JobsCommandTest, saysWhenThereIsNothingToGoOnWith) {
  EXPECT_EQ(run({"resume"}), kBadArguments);
  EXPECT_EQ(run({"resume", "2-half", "--last"}), kBadArguments);
  EXPECT_EQ(run({"resume", "nothing"}), kBadInputFile);
  EXPECT_NE(error.str().find("'studio jobs' lists them"), std::string::npos);
  unfinished.clear();
  EXPECT_EQ(run({"resume", "--last", "--json"}), kBadInputFile);
  EXPECT_EQ(jsonLines().at(0)["event"], "failed");
  EXPECT_TRUE(asked.resumed.empty());
}

TEST_F(JobsCommandTest, keepsJobsUnlessToldNotTo) {
  environment.stateFolder = "/state";
  EXPECT_EQ(generate({}), kDone);
  EXPECT_TRUE(asked.options.checkpoint);
  EXPECT_EQ(asked.options.stateFolder, "/state");
  EXPECT_EQ(generate({"--checkpoint", "off"}), kDone);
  EXPECT_FALSE(asked.options.checkpoint);
  EXPECT_EQ(generate({"--checkpoint", "maybe"}), kBadArguments);
}

}  // namespace
}  // namespace studio::app
