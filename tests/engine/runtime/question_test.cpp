#include "engine/runtime/question.h"

#include <gtest/gtest.h>

#include <thread>

namespace studio::engine {
namespace {

TEST(Question, waitsForItsOwnAnswer) {
  Question question;
  for (const bool yes : {true, false}) {
    std::jthread other;
    const bool answer = question.ask(JobId{7}, {}, [&] {
      other = std::jthread([&question, yes] {
        question.answer(JobId{6}, !yes);
        question.answer(JobId{7}, yes);
      });
    });
    EXPECT_EQ(answer, yes);
  }
}

TEST(Question, isAnsweredByNoWhenTheJobIsAskedToStop) {
  Question question;
  std::stop_source stop;
  std::jthread other;
  EXPECT_FALSE(
      question.ask(JobId{7}, stop.get_token(), [&] { other = std::jthread([&stop] { stop.request_stop(); }); }));
}

TEST(Question, forgetsAnswersThatNobodyAskedFor) {
  Question question;
  question.answer(JobId{7}, true);
  EXPECT_FALSE(question.ask(JobId{7}, {}, [&] { question.answer(JobId{7}, false); }));
  question.answer(JobId{7}, true);
  EXPECT_FALSE(question.ask(JobId{7}, {}, [&] { question.answer(JobId{7}, false); }));
}

}  // namespace
}  // namespace studio::engine
