#include "engine/api/reproduction_profile.h"

#include "engine/api/request_fields.h"

#include <gtest/gtest.h>

#include <array>

namespace studio::engine {
namespace {

constexpr int kThreads = 43008;

/// A request in which every row that may differ does.
ReproductionProfile rowsOf(Profile profile, Sampler sampler = Sampler::Euler, Schedule schedule = Schedule::Automatic,
                           const std::string& version = {}) {
  GenerationRequest request;
  request.profile = profile;
  request.sampler = sampler;
  request.schedule = schedule;
  request.gpuThreads = kThreads;
  request.programVersion = version;
  return reproductionProfile(request);
}

/// One row of the table: what it is in each program, in the order of kProfiles.
template <class Value>
void expectRow(const char* name, Value ReproductionProfile::*row, const std::array<Value, kProfiles.size()>& expected,
               Sampler sampler = Sampler::Euler, Schedule schedule = Schedule::Automatic) {
  for (std::size_t i = 0; i < kProfiles.size(); ++i) {
    EXPECT_TRUE(rowsOf(kProfiles[i].value, sampler, schedule).*row == expected[i]) << name << " " << kProfiles[i].id;
  }
}

using Rows = ReproductionProfile;
constexpr auto kCpu = NoiseDevice::Cpu, kGpu = NoiseDevice::Gpu;

// In the columns: studio, A1111 with noise of the CPU, "NV" and of a GPU, ComfyUI with and without a GPU, diffusers.

TEST(ReproductionProfile, knowsWhereEachProgramsNoiseComesFrom) {
  expectRow("first noise", &Rows::firstNoise, {kCpu, kCpu, kGpu, kGpu, kCpu, kCpu, kCpu});
  expectRow("threads", &Rows::gpuThreads, {0, 0, 0, kThreads, kThreads, kThreads, 0});
  expectRow("of the batch", &Rows::noiseOfBatch, {false, false, false, false, true, true, false});
  expectRow("in precision", &Rows::noiseInPrecision, {false, false, false, false, false, false, true});
  using enum StartScale;
  expectRow("start", &Rows::startScale, {Sigma, Sigma, Sigma, Sigma, VarianceAtLargest, VarianceAtLargest, Variance});
  expectRow("start", &Rows::startScale, {Sigma, Sigma, Sigma, Sigma, VarianceAtLargest, VarianceAtLargest, Sigma},
            Sampler::Euler, Schedule::SgmUniform);
  expectRow("start", &Rows::startScale, {Sigma, Sigma, Sigma, Sigma, VarianceAtLargest, VarianceAtLargest, Variance},
            Sampler::DpmPlusPlus2M, Schedule::SgmUniform);
  expectRow("anew", &Rows::stepNoiseAnew, {false, false, false, false, true, true, false});
  expectRow("steps", &Rows::stepNoise, {kCpu, kCpu, kGpu, kGpu, kGpu, kCpu, kCpu});
  expectRow<std::uint64_t>("seed", &Rows::stepSeedDelta, {0, 0, 0, 0, 0, 1, 0});
  expectRow("path", &Rows::pathNoise, {kCpu, kCpu, kGpu, kGpu, kCpu, kCpu, kCpu});
  expectRow("is a path", &Rows::brownianPath, {true, true, true, true, true, true, false}, Sampler::DpmPlusPlus2MSde);
  expectRow("is a path", &Rows::brownianPath, {true, true, true, true, true, true, true}, Sampler::DpmPlusPlusSde);
  expectRow("own steps", &Rows::ownStepsAreFree, {true, true, true, true, false, false, true});
}

TEST(ReproductionProfile, knowsEachProgramsSigmasAndTimesteps) {
  using enum TimestepRule;
  expectRow("timestep", &Rows::timesteps,
            {Fractional, Fractional, Fractional, Fractional, Nearest, Nearest, Fractional}, Sampler::Euler,
            Schedule::Karras);
  expectRow("timestep", &Rows::timesteps, {Fractional, Fractional, Fractional, Fractional, Nearest, Nearest, Nearest},
            Sampler::DpmPlusPlus2M, Schedule::Karras);
  expectRow("timestep", &Rows::timesteps,
            {Fractional, Fractional, Fractional, Fractional, Nearest, Nearest, WholeBelow}, Sampler::DpmPlusPlus2M,
            Schedule::Exponential);
  using Forms = ScheduleForms;
  expectRow(
      "forms", &Rows::schedules,
      {Forms::Studio, Forms::A1111, Forms::A1111, Forms::A1111, Forms::ComfyUi, Forms::ComfyUi, Forms::Diffusers});
  expectRow("forms", &Rows::schedules,
            {Forms::Studio, Forms::A1111, Forms::A1111, Forms::A1111, Forms::ComfyUi, Forms::ComfyUi,
             Forms::DiffusersMultistep},
            Sampler::UniPC);
  constexpr auto none = OwnTimesteps::None, ddim = OwnTimesteps::Ddim, uniPc = OwnTimesteps::UniPc;
  expectRow("own", &Rows::ownTimesteps, {none, none, none, none, none, none, none});
  expectRow("own", &Rows::ownTimesteps, {none, ddim, ddim, ddim, none, none, none}, Sampler::Plms);
  expectRow("own", &Rows::ownTimesteps, {none, ddim, ddim, ddim, none, none, OwnTimesteps::Leading}, Sampler::Ddim);
  expectRow("own", &Rows::ownTimesteps, {none, uniPc, uniPc, uniPc, none, none, none}, Sampler::UniPC);
  constexpr auto karras = Schedule::Karras, normal = Schedule::Normal, exponential = Schedule::Exponential;
  expectRow("automatic", &Rows::schedule, {karras, karras, karras, karras, normal, normal, normal},
            Sampler::DpmPlusPlus2M);
  expectRow("automatic", &Rows::schedule, {exponential, exponential, exponential, exponential, normal, normal, normal},
            Sampler::DpmPlusPlus3MSde);
  expectRow("penultimate", &Rows::discardsPenultimate, {true, true, true, true, true, true, false}, Sampler::Dpm2);
  expectRow("penultimate", &Rows::discardsPenultimate, {true, true, true, true, false, false, false},
            Sampler::DpmPlusPlus3MSde);
  expectRow("penultimate", &Rows::discardsPenultimate, {false, false, false, false, true, true, false}, Sampler::UniPC);
}

TEST(ReproductionProfile, knowsHowEachProgramReadsPrompts) {
  constexpr auto a1111 = PromptGrammar::A1111, comfy = PromptGrammar::ComfyUi, plain = PromptGrammar::Plain;
  expectRow("grammar", &Rows::grammar, {a1111, a1111, a1111, a1111, comfy, comfy, plain});
  constexpr auto original = Emphasis::Original, distance = Emphasis::ComfyUi, none = Emphasis::None;
  expectRow("emphasis", &Rows::emphasis, {original, original, original, original, distance, distance, none});
  constexpr auto comma = ChunkRule::CommaBackTrack, words = ChunkRule::Words, first = ChunkRule::FirstOnly;
  expectRow("chunks", &Rows::chunks, {comma, comma, comma, comma, words, words, first});
  constexpr auto empty = UnequalLengths::EmptyChunks, kept = UnequalLengths::AsTheyAre;
  expectRow("lengths", &Rows::unequalLengths, {empty, kept, kept, kept, kept, kept, empty});
  constexpr auto one = ClipSkipRule::FirstEncoderOnly, all = ClipSkipRule::FromTheEnd, more = ClipSkipRule::OnTop;
  expectRow("CLIP skip", &Rows::clipSkip, {one, one, one, one, all, all, more});
  constexpr auto zeros = EmptyNegative::Zeros, encoded = EmptyNegative::Encoded;
  expectRow("negative", &Rows::emptyNegative, {zeros, zeros, zeros, zeros, encoded, encoded, zeros});
}

TEST(ReproductionProfile, knowsHowEachProgramFinishes) {
  constexpr auto nearest = PixelRounding::Nearest, down = PixelRounding::Down;
  expectRow("pixels", &Rows::rounding, {nearest, down, down, down, down, down, nearest});
  constexpr auto noise = RefinerShare::Noise, steps = RefinerShare::Steps;
  expectRow("refiner", &Rows::refinerShare, {noise, noise, noise, noise, steps, steps, noise});
  constexpr double part = 1 / 12.5;
  expectRow("guidance", &Rows::guidanceFactor, {1.0, part, part, part, 1.0, 1.0, 1.0}, Sampler::DdimCfgPlusPlus);
}

TEST(ReproductionProfile, followsTheVersionThatMadeThePicture) {
  const auto old = [](const std::string& version, Sampler sampler = Sampler::Euler) {
    return rowsOf(Profile::A1111Cpu, sampler, Schedule::Automatic, version);
  };
  for (const char* version : {"v1.5.1", "1.6.0-RC", "v1.5.1-6-gabcdef", "1"}) {
    EXPECT_EQ(old(version).editing, PromptEditing::BelowOneIsShare) << version;
    EXPECT_EQ(old(version, Sampler::Ddim).unequalLengths, UnequalLengths::LastVector) << version;
    EXPECT_EQ(old(version).unequalLengths, UnequalLengths::AsTheyAre) << version;
  }
  EXPECT_EQ(old("1.6.0").editing, PromptEditing::PointIsShare);
  EXPECT_EQ(old("v1.6.0", Sampler::Plms).unequalLengths, UnequalLengths::AsTheyAre);
  EXPECT_TRUE(old("v1.7.0").signalsInHalf);
  EXPECT_TRUE(old("v1.7.0-224-gabc").signalsInHalf);
  EXPECT_FALSE(old("v1.7.0-225-gabc").signalsInHalf);
  EXPECT_EQ(old("v1.7.0-500-gabc").refinerShare, RefinerShare::Steps);
  EXPECT_EQ(old("1.8.0").refinerShare, RefinerShare::Noise);
  EXPECT_EQ(old("1.8.0", Sampler::DpmPlusPlus2M).schedule, Schedule::Uniform);
  EXPECT_EQ(old("1.8.0", Sampler::Restart).schedule, Schedule::Karras);
  EXPECT_EQ(old("1.9.0", Sampler::DpmPlusPlus2M).schedule, Schedule::Karras);
  for (const char* version : {"", "v1.10.1", "nonsense"}) {
    EXPECT_FALSE(old(version).signalsInHalf) << version;
    EXPECT_EQ(old(version, Sampler::DpmPlusPlus2M).schedule, Schedule::Karras) << version;
  }
  EXPECT_FALSE(rowsOf(Profile::ComfyUi, Sampler::Euler, Schedule::Automatic, "0.3.64").signalsInHalf);
}

TEST(ReproductionProfile, goesSingleOldWaysWhenItIsTold) {
  GenerationRequest request;
  request.profile = Profile::A1111Cpu;
  request.programVersion = "v1.10.1";
  request.compatibility = "pad-conds, refiner-by-steps";
  const Rows rows = reproductionProfile(request);
  EXPECT_EQ(rows.unequalLengths, UnequalLengths::LastVector);
  EXPECT_EQ(rows.refinerShare, RefinerShare::Steps);
  EXPECT_EQ(rows.editing, PromptEditing::PointIsShare);
  EXPECT_FALSE(rows.signalsInHalf);
  request.compatibility = "downcast-alphas prompt-editing";
  EXPECT_TRUE(reproductionProfile(request).signalsInHalf);
  EXPECT_EQ(reproductionProfile(request).editing, PromptEditing::BelowOneIsShare);
  request.model = "m.safetensors";
  EXPECT_FALSE(checkRequest(request));
  request.compatibility = "pad-conds everything";
  EXPECT_TRUE(checkRequest(request));
  request.profile = Profile::Studio;
  request.compatibility = "pad-conds";
  EXPECT_EQ(reproductionProfile(request).unequalLengths, UnequalLengths::EmptyChunks) << "A1111's alone";
}

TEST(ReproductionProfile, knowsForgeByItsVersion) {
  const auto forge = rowsOf(Profile::A1111Gpu, Sampler::Euler, Schedule::Automatic, "f2.0.1v1.10.1-previous-669-gdfd");
  EXPECT_EQ(forge.timesteps, TimestepRule::Nearest);
  EXPECT_EQ(forge.editing, PromptEditing::PointIsShare);
  const auto first = rowsOf(Profile::A1111Gpu, Sampler::DpmPlusPlus2M, Schedule::Automatic, "f0.0.17v1.7.0rc-latest");
  EXPECT_FALSE(first.signalsInHalf) << "it never kept them in half";
  EXPECT_EQ(first.schedule, Schedule::Uniform);
  EXPECT_EQ(programVersion("f2.0.1v1.10.1").minor, 10);
}

TEST(ReproductionProfile, seedsComfyUisStepsAnewOnTheCpuSinceItDoes) {
  const auto deltaOf = [](const std::string& version) {
    return rowsOf(Profile::ComfyUiCpu, Sampler::Euler, Schedule::Automatic, version).stepSeedDelta;
  };
  EXPECT_EQ(deltaOf("0.6.9"), 0U);
  EXPECT_EQ(deltaOf("0.7.0"), 1U);
}

TEST(ReproductionProfile, seedsA1111sStepsAnewWithItsDelta) {
  GenerationRequest request;
  request.ensd = 31337;
  EXPECT_FALSE(reproductionProfile(request).stepNoiseAnew) << "it means nothing to the studio's own way";
  request.profile = Profile::A1111Cpu;
  EXPECT_TRUE(reproductionProfile(request).stepNoiseAnew);
  EXPECT_EQ(reproductionProfile(request).stepSeedDelta, 31337U);
  request.profile = Profile::ComfyUi;
  EXPECT_EQ(reproductionProfile(request).stepSeedDelta, 0U);
}

TEST(ReproductionProfile, letsExplicitChoicesWin) {
  GenerationRequest request;
  request.profile = Profile::ComfyUi;
  request.emphasis = Emphasis::NoNorm;
  request.penultimateSigma = PenultimateSigma::Discard;
  request.pathNoise = PathNoise::Gpu;
  request.schedule = Schedule::Beta;
  const ReproductionProfile rows = reproductionProfile(request);
  EXPECT_EQ(rows.emphasis, Emphasis::NoNorm);
  EXPECT_EQ(rows.grammar, PromptGrammar::A1111) << "who chooses an emphasis writes the studio's brackets";
  EXPECT_TRUE(rows.discardsPenultimate);
  EXPECT_EQ(rows.pathNoise, NoiseDevice::Gpu);
  EXPECT_EQ(rows.schedule, Schedule::Beta);
}

TEST(ReproductionProfile, isStrictUnlessItIsTheStudiosOwn) {
  GenerationRequest request;
  EXPECT_FALSE(isStrict(request));
  request.profile = Profile::Diffusers;
  EXPECT_TRUE(isStrict(request));
  request.strict = false;
  EXPECT_FALSE(isStrict(request));
  request.profile = Profile::Studio;
  request.strict = true;
  EXPECT_TRUE(isStrict(request));
}

}  // namespace
}  // namespace studio::engine
