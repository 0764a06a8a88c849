#include "engine/api/choices.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace studio::engine {
namespace {

template <class Enum>
void expectNamesLeadBack() {
  std::set<std::string_view> names;
  for (const auto& choice : choicesOf(Enum{})) {
    EXPECT_EQ(idOf(choice.value), choice.id);
    EXPECT_EQ(labelOf(choice.value), choice.label);
    EXPECT_EQ(choiceFrom<Enum>(choice.id), choice.value);
    EXPECT_EQ(choiceFrom<Enum>(choice.label), choice.value);
    EXPECT_TRUE(names.insert(choice.id).second) << choice.id;
  }
}

TEST(Choices, areFoundByIdAndByLabel) {
  expectNamesLeadBack<Sampler>();
  expectNamesLeadBack<Schedule>();
  expectNamesLeadBack<Profile>();
  expectNamesLeadBack<PenultimateSigma>();
  expectNamesLeadBack<PredictionType>();
  expectNamesLeadBack<Emphasis>();
  expectNamesLeadBack<Precision>();
  expectNamesLeadBack<PreviewMode>();
  expectNamesLeadBack<ImageFormat>();
}

TEST(Choices, ignoreCaseButNothingElse) {
  EXPECT_EQ(choiceFrom<Sampler>("EULER A"), Sampler::EulerAncestral);
  EXPECT_EQ(choiceFrom<Sampler>("dpm++ 2m sde"), Sampler::DpmPlusPlus2MSde);
  EXPECT_FALSE(choiceFrom<Sampler>("euler "));
  EXPECT_FALSE(choiceFrom<Sampler>(""));
}

}  // namespace
}  // namespace studio::engine
