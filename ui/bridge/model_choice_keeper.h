#pragma once

#include "engine/api/generation_request.h"

#include <QObject>

namespace studio::ui {

class Library;
class RequestDraft;

/// Remembers what was chosen over a model's own word, for the model's file: its prediction type and zero terminal SNR.
/// A change of them in the draft is kept; another model brings its own, unless it came with them, as from a picture.
class ModelChoiceKeeper : public QObject {
  Q_OBJECT

 public:
  ModelChoiceKeeper(RequestDraft& draft, Library& library, QObject* parent = nullptr);

 private:
  void followDraft();
  void takeRemembered();

  RequestDraft& draft_;
  Library& library_;
  engine::GenerationRequest seen_;  ///< the draft as it was last looked at
  bool wanted_ = false;             ///< the model is new and the library does not know it yet
};

}  // namespace studio::ui
