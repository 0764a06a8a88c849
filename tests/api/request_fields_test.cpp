#include "engine/api/request_fields.h"

#include "engine/api/sigma_list.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <set>

namespace studio::engine {
namespace {

GenerationRequest goodRequest() {
  GenerationRequest request;
  request.model = "model.safetensors";
  request.prompt = "a duck";
  return request;
}

/// The message for the good request with one change.
std::string complaint(const std::function<void(GenerationRequest&)>& change) {
  GenerationRequest request = goodRequest();
  change(request);
  const auto wrong = checkRequest(request);
  if (!wrong) return "";
  EXPECT_EQ(wrong->kind, ErrorKind::BadRequest);
  return wrong->message;
}

TEST(RequestFields, haveIdsAndFlagsOfTheirOwn) {
  GenerationRequest request;
  std::set<std::string_view> ids, flags;
  int count = 0;
  visitFields(request, [&](const FieldInfo& field, auto&) {
    ++count;
    ids.insert(field.id);
    flags.insert(field.flag);
    EXPECT_FALSE(field.label.empty());
    EXPECT_FALSE(field.help.empty());
    EXPECT_LE(field.minimum, field.maximum);
  });
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(count));
  EXPECT_EQ(flags.size(), static_cast<std::size_t>(count));
}

TEST(RequestFields, reachEveryMemberOfARequest) {
  // Changing each field in turn must change the request: a member without a field would be lost by JSON and flags.
  int fields = 0;
  visitFields(*std::make_unique<GenerationRequest>(), [&](const FieldInfo&, auto&) { ++fields; });
  EXPECT_EQ(fields, 40);
  for (int chosen = 0; chosen < fields; ++chosen) {
    GenerationRequest request;
    int at = 0;
    visitFields(request, [&]<class Value>(const FieldInfo&, Value& value) {
      if (at++ != chosen) return;
      if constexpr (std::is_same_v<Value, std::vector<LoraUse>>)
        value.push_back({"a", 1});
      else if constexpr (std::is_same_v<Value, std::optional<Seed>>)
        value = Seed{1};
      else if constexpr (std::is_enum_v<Value>)
        value = static_cast<Value>(value == Value{} ? 1 : 0);
      else if constexpr (std::is_arithmetic_v<Value>)
        value += 1;
      else
        value = "changed";
    });
    EXPECT_NE(request, GenerationRequest{}) << chosen;
  }
}

TEST(CheckRequest, acceptsTheDefaultsAndTheEdges) {
  EXPECT_EQ(complaint([](auto&) {}), "");
  EXPECT_EQ(complaint([](auto& r) { r.size = {kSmallestSide, kLargestSide}; }), "");
  EXPECT_EQ(complaint([](auto& r) { r.seed = Seed{std::numeric_limits<std::uint64_t>::max()}; }), "");
  EXPECT_EQ(complaint([](auto& r) {
              r.guidanceScale = 0;
              r.steps = kMostSteps;
              r.clipSkip = 12;
            }),
            "");
  EXPECT_EQ(complaint([](auto& r) { r.prompt = std::string(kLongestPrompt, 'x'); }), "");
  EXPECT_EQ(complaint([](auto& r) { r.prompt.clear(); }), "");
}

TEST(CheckRequest, namesTheValueAndWhatIsAllowed) {
  EXPECT_EQ(complaint([](auto& r) { r.size.width = 0; }), "Width is 0; it must be from 64 to 8192.");
  EXPECT_EQ(complaint([](auto& r) { r.size.height = 100000; }), "Height is 100000; it must be from 64 to 8192.");
  EXPECT_EQ(complaint([](auto& r) { r.size.width = 516; }),
            "Width is 516; it must be a multiple of 8, for example 512 or 520.");
  EXPECT_EQ(complaint([](auto& r) { r.steps = -1; }), "Steps is -1; it must be from 1 to 1000.");
  EXPECT_EQ(complaint([](auto& r) { r.batchSize = 65; }), "Batch size is 65; it must be from 1 to 64.");
  EXPECT_EQ(complaint([](auto& r) { r.model.clear(); }), "No model is chosen.");
}

TEST(CheckRequest, refusesNumbersThatAreNone) {
  EXPECT_NE(complaint([](auto& r) { r.guidanceScale = std::numeric_limits<double>::quiet_NaN(); }), "");
  EXPECT_NE(complaint([](auto& r) { r.guidanceScale = std::numeric_limits<double>::infinity(); }), "");
  EXPECT_NE(complaint([](auto& r) { r.loras = {{"a.safetensors", std::numeric_limits<double>::quiet_NaN()}}; }), "");
  EXPECT_NE(complaint([](auto& r) {
              r.loras = {{"folder/a.safetensors", 1e9}};
            }).find("LoRA a.safetensors"),
            std::string::npos);
}

TEST(DifferingFields, areNamedInTheOrderOfTheFields) {
  GenerationRequest a, b;
  EXPECT_TRUE(differingFields(a, b).empty());
  b.loras = {{"x", 1.0}};
  b.prompt = "a duck";
  b.eta = 0.5;
  EXPECT_EQ(differingFields(a, b), (std::vector<std::string_view>{"prompt", "eta", "loras"}));
}

TEST(CheckRequest, takesSigmasOnlyInDescendingOrder) {
  for (const char* good : {"14.6, 5, 1, 0.1", "14.6 5 1 0", "3", " 2,1,\n"}) {
    EXPECT_EQ(complaint([&](auto& r) { r.sigmas = good; }), "") << good;
  }
  for (const char* bad : {"1, 2", "1, 1", "-1", "nan", "inf", "0", ",", "1;0", "1e9", "two"}) {
    EXPECT_NE(complaint([&](auto& r) { r.sigmas = bad; }), "") << bad;
  }
  std::string many;
  for (int i = 2000; i > 0; --i) many += std::to_string(i) + " ";
  EXPECT_NE(complaint([&](auto& r) { r.sigmas = many; }), "");
}

TEST(SigmaList, endsWithZeroOnce) {
  EXPECT_EQ(sigmasFromText("14.5, 5 1"), (std::vector<float>{14.5F, 5, 1, 0}));
  EXPECT_EQ(sigmasFromText("14.5, 5, 0"), (std::vector<float>{14.5F, 5, 0}));
}

TEST(CheckRequest, refusesEndlessPrompts) {
  const std::string tooLong(kLongestPrompt + 1, 'x');
  EXPECT_EQ(complaint([&](auto& r) { r.prompt = tooLong; }), "Prompt is longer than 65,536 bytes.");
  EXPECT_EQ(complaint([&](auto& r) { r.negativePrompt = tooLong; }), "Negative prompt is longer than 65,536 bytes.");
}

}  // namespace
}  // namespace studio::engine
