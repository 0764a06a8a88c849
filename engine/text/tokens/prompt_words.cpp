#include "engine/text/tokens/prompt_words.h"

#include <algorithm>
#include <array>

namespace studio::engine {
namespace {

using Words = std::string_view;

constexpr std::array kFillers{
    Words("amazing"),     Words("awesome"),  Words("beautiful"), Words("beautifully"), Words("breathtaking"),
    Words("extremely"),   Words("fabulous"), Words("fantastic"), Words("gorgeous"),    Words("incredible"),
    Words("incredibly"),  Words("insanely"), Words("lovely"),    Words("magnificent"), Words("marvelous"),
    Words("mesmerizing"), Words("nice"),     Words("perfect"),   Words("spectacular"), Words("stunning"),
    Words("superb"),      Words("very"),     Words("wonderful"),
};
static_assert(std::is_sorted(kFillers.begin(), kFillers.end()));

constexpr std::array kQualityNouns{Words("aesthetic"), Words("awa"), Words("displeasing"), Words("quality"),
                                   Words("score")};

constexpr std::array kBoardTags{
    Words("1boy"),    Words("1girl"),       Words("2boys"),     Words("2girls"),      Words("absurdres"),
    Words("highres"), Words("masterpiece"), Words("no_humans"), Words("rating_safe"), Words("source_anime"),
};

constexpr std::array kFamiliarEmbeddings{
    Words("ac_neg1"),
    Words("ac_neg2"),
    Words("bad-artist"),
    Words("bad-artist-anime"),
    Words("bad-hands-5"),
    Words("bad-picture-chill-75v"),
    Words("bad_pictures"),
    Words("bad_prompt"),
    Words("bad_prompt_version2"),
    Words("baddream"),
    Words("badhandv4"),
    Words("badhandv5"),
    Words("deepnegative"),
    Words("easynegative"),
    Words("easynegativev2"),
    Words("fastnegativev2"),
    Words("negative_hand"),
    Words("negative_hand-neg"),
    Words("negativexl_d"),
    Words("ng_deepnegative_v1_75t"),
    Words("unaestheticxl"),
    Words("unrealisticdream"),
    Words("verybadimagenegative_v1.3"),
};

constexpr std::array kTagModels{
    Words("abyssorange"), Words("animagine"),   Words("animefull"), Words("anything"), Words("autismmix"),
    Words("cetus"),       Words("counterfeit"), Words("hassaku"),   Words("holodayo"), Words("illustrious"),
    Words("kohaku"),      Words("meina"),       Words("noob"),      Words("novelai"),  Words("orangemix"),
    Words("pony"),        Words("waifu"),       Words("wai-"),      Words("wai_"),     Words("wainsfw"),
    Words("yodayo"),
};

}  // namespace

bool isFillerWord(std::string_view word) { return std::binary_search(kFillers.begin(), kFillers.end(), word); }

bool makesQualityTag(std::string_view wordBehind) {
  return std::find(kQualityNouns.begin(), kQualityNouns.end(), wordBehind) != kQualityNouns.end();
}

bool showsTagPrompt(std::string_view word) {
  return word.starts_with("score_") || std::find(kBoardTags.begin(), kBoardTags.end(), word) != kBoardTags.end();
}

bool isFamiliarEmbedding(std::string_view name) {
  return std::find(kFamiliarEmbeddings.begin(), kFamiliarEmbeddings.end(), name) != kFamiliarEmbeddings.end();
}

bool namesTagModel(std::string_view modelName) {
  return std::any_of(kTagModels.begin(), kTagModels.end(),
                     [modelName](Words part) { return modelName.find(part) != std::string_view::npos; });
}

}  // namespace studio::engine
