#include "ui/bridge/request_check.h"

#include "engine/api/request_fields.h"
#include "engine/api/sigma_list.h"
#include "ui/bridge/engine_words.h"
#include "ui/bridge/field_names.h"
#include "ui/bridge/library.h"
#include "ui/bridge/text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace studio::ui {
namespace {

struct RequestCheck {
  Q_DECLARE_TR_FUNCTIONS(RequestCheck)

 public:
  explicit RequestCheck(const Library& files) : library(files) {}

  void add(const QString& text, const QString& field) { reasons.push_back({text, field}); }

  void checkModel(const engine::GenerationRequest& request) {
    const QString field = QStringLiteral("model");
    if (request.model.empty()) {
      add(tr("No model is chosen."), field);
      return;
    }
    if (!library.isScanned()) {
      add(tr("The models are still being looked through."), field);
      return;
    }
    const engine::ModelInfo* model = library.findModel(request.model);
    if (model == nullptr) {
      add(tr("The model “%1” was not found in your folders.").arg(pathText(request.model.filename())), field);
    } else if (!engine::isUsable(model->family)) {
      add(tr("“%1” is a model of a family that cannot be used yet: %2.")
              .arg(toQString(model->name), QString::fromUtf8(engine::familyName(model->family))),
          field);
    }
  }

  void checkLoras(const engine::GenerationRequest& request) {
    if (!library.isScanned()) return;
    for (const engine::LoraUse& use : request.loras) {
      const engine::LoraInfo* lora = library.findLora(use.file);
      const QString name = pathText(use.file.stem());
      if (lora == nullptr) {
        add(tr("The LoRA “%1” was not found in your folders.").arg(name), QStringLiteral("loras"));
      } else if (!lora->usable) {
        add(tr("The LoRA “%1” cannot be used: %2").arg(name, toQString(lora->reason)), QStringLiteral("loras"));
      }
    }
  }

  void checkNumber(const engine::FieldInfo& info, double value) {
    if (info.minimum == info.maximum) return;
    const QString field = toQString(info.id);
    const QLocale locale;
    if (!std::isfinite(value) || value < info.minimum || value > info.maximum) {
      add(tr("%1 is %2; it must be from %3 to %4.")
              .arg(fieldName(info.id), locale.toString(value), locale.toString(info.minimum),
                   locale.toString(info.maximum)),
          field);
    } else if ((info.id == "width" || info.id == "height") && static_cast<int>(value) % engine::kSideMultiple != 0) {
      add(tr("%1 is %2; it must be a multiple of 8.").arg(fieldName(info.id), locale.toString(value)), field);
    }
  }

  void checkFields(const engine::GenerationRequest& request) {
    engine::visitFields(request, [this](const engine::FieldInfo& info, const auto& value) {
      using Value = std::decay_t<decltype(value)>;
      if constexpr (std::is_same_v<Value, int> || std::is_same_v<Value, double>) {
        checkNumber(info, value);
      } else if constexpr (std::is_same_v<Value, std::string>) {
        if (value.size() > engine::kLongestPrompt)
          add(tr("%1 is too long.").arg(fieldName(info.id)), toQString(info.id));
        if (info.id == "sigmas" && !value.empty() && !engine::sigmasFromText(value))
          add(tr("Sigmas must be numbers above 0, from large to small, like 14.6, 5, 1, 0.1."), toQString(info.id));
      }
    });
  }

  const Library& library;
  std::vector<Reason> reasons;
};

}  // namespace

std::vector<Reason> reasonsAgainst(const engine::GenerationRequest& request, const Library& library) {
  RequestCheck check(library);
  check.checkModel(request);
  check.checkFields(request);
  check.checkLoras(request);
  if (const auto refused = engine::checkRequest(request); refused && check.reasons.empty()) {
    check.add(inWords(*refused), {});
  }
  return check.reasons;
}

}  // namespace studio::ui
