#pragma once

#include <QWidget>

class QLabel;

namespace studio::ui {

class GenerationSession;
class Library;
class MachineWatch;

/// The lower edge: device, precision and threads in use, main memory; what the library found.
class StatusLine : public QWidget {
  Q_OBJECT

 public:
  StatusLine(const MachineWatch& machine, const GenerationSession& session, const Library& library,
             QWidget* parent = nullptr);

 private:
  void buildLayout();
  void connectSignals();
  void updateDevice();
  void updateEngine();
  void updateMemory();
  void updateLibrary();

  const MachineWatch& machine_;
  const GenerationSession& session_;
  const Library& library_;
  QLabel* device_ = nullptr;
  QLabel* engine_ = nullptr;
  QLabel* memory_ = nullptr;
  QLabel* libraryText_ = nullptr;
};

}  // namespace studio::ui
