#pragma once

#include <QObject>

namespace studio::settings {
class AppSettings;
}

namespace studio::ui {

class Library;
class RequestDraft;

/// Keeps the draft over sessions. Its files are looked at again even outside the person's folders, and its numbers
/// are brought into their ranges. On a first run it starts with the starter model and, once that was read, with the
/// size it was trained at.
class DraftKeeper : public QObject {
  Q_OBJECT

 public:
  DraftKeeper(RequestDraft& draft, Library& library, settings::AppSettings& settings, QObject* parent = nullptr);

 private:
  bool load();
  void lookAtFiles();
  void startFresh();
  void adoptTrainedSize();

  RequestDraft& draft_;
  Library& library_;
  settings::AppSettings& settings_;
  bool sizeWanted_ = false;
};

}  // namespace studio::ui
