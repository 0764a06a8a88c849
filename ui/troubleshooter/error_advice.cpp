#include "ui/troubleshooter/error_advice.h"

#include "engine/api/request_fields.h"

#include <QCoreApplication>

#include <algorithm>

namespace studio::ui {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(ErrorAdvice)
};

/// Three quarters of a side, still a multiple of 8.
int smallerSide(int side) {
  const int reduced = side * 3 / 4;
  return std::max(engine::kSmallestSide, reduced - reduced % engine::kSideMultiple);
}

bool mayShrink(const engine::GenerationRequest& request) {
  return smallerSide(request.size.width) < request.size.width || smallerSide(request.size.height) < request.size.height;
}

ErrorAdvice outOfMemoryAdvice(const engine::GenerationRequest& request) {
  ErrorAdvice advice{
      Words::tr("Not enough memory"),
      Words::tr("The picture needs more memory at once than is free. Nothing you have made is lost."),
      {request.batchSize > 1 ? Words::tr("Make fewer pixels at once: batch size 1, or a smaller picture.")
                             : Words::tr("Make a smaller picture."),
       Words::tr("Close programs that use much memory; none is closed for you.")},
      {}};
  if (request.batchSize > 1) advice.remedies.push_back(Remedy::BatchOfOne);
  if (mayShrink(request)) advice.remedies.push_back(Remedy::SmallerPicture);
  advice.remedies.push_back(Remedy::TryAgain);
  return advice;
}

ErrorAdvice fileAdvice(engine::ErrorKind kind, const engine::GenerationRequest& request) {
  ErrorAdvice advice;
  if (kind == engine::ErrorKind::MissingFile) {
    advice = {Words::tr("A file is missing"),
              Words::tr("A model or LoRA of this picture is not where it was."),
              {Words::tr("Put the file back, or choose another one."),
               Words::tr("Then look through the folders again (Models menu).")},
              {Remedy::ChooseModel}};
  } else if (kind == engine::ErrorKind::MissingPart) {
    advice = {Words::tr("The model is incomplete"),
              Words::tr("The model file lacks a part that making a picture needs."),
              {Words::tr("Choose the missing part from another file, or take a complete model.")},
              {Remedy::ChooseModel}};
  } else {
    advice = {Words::tr("A file cannot be read"),
              Words::tr("The file is damaged, cut short or of another kind than expected."),
              {Words::tr("Download or copy the file again, or choose another one.")},
              {Remedy::ChooseModel}};
  }
  if (!request.loras.empty()) advice.remedies.push_back(Remedy::SwitchLorasOff);
  advice.remedies.push_back(Remedy::TryAgain);
  return advice;
}

ErrorAdvice familyAdvice(const engine::GenerationRequest& request) {
  ErrorAdvice advice{Words::tr("The files do not fit together"),
                     Words::tr("A file was made for another model family. Families cannot be mixed."),
                     {Words::tr("Choose a model or LoRA of the same family (SD 1.x).")},
                     {Remedy::ChooseModel}};
  if (!request.loras.empty()) advice.remedies.push_back(Remedy::SwitchLorasOff);
  return advice;
}

ErrorAdvice deviceAdvice(engine::Diagnosis diagnosis) {
  const QString onProcessor = Words::tr("Until then pictures can be made on the processor: Tools, memory mode.");
  switch (diagnosis) {
    case engine::Diagnosis::DeviceMismatch:
      return {Words::tr("Two devices were mixed up"),
              Words::tr("Parts of one computation were in different places. This is a mistake of ours, not of yours."),
              {Words::tr("Choose the memory mode that keeps everything in one place (Tools menu) and try again."),
               Words::tr("Please copy the report and send it to the developers.")},
              {Remedy::TryAgain}};
    case engine::Diagnosis::DriverMissing:
      return {Words::tr("No graphics driver answers"),
              Words::tr("The GPU can be used only with the driver of its maker."),
              {Words::tr("Install the driver and start the computer again."), onProcessor},
              {Remedy::TryAgain}};
    case engine::Diagnosis::DriverTooOld:
      return {Words::tr("The graphics driver is too old"),
              Words::tr("This version of the studio needs a newer driver for the GPU."),
              {Words::tr("Install a newer driver and start the computer again."), onProcessor},
              {Remedy::TryAgain}};
    case engine::Diagnosis::NoKernelImage:
      return {Words::tr("The GPU is of a kind that is not supported"),
              Words::tr("This version of the studio was not built for this GPU."),
              {Words::tr("Set the studio up again for this GPU."), onProcessor},
              {Remedy::TryAgain}};
    case engine::Diagnosis::DeviceFailed:
      return {Words::tr("The GPU stopped"),
              Words::tr("The GPU did not come through its work and answers no more until the studio starts again."),
              {Words::tr("Start the studio again; it offers to go on with the picture."),
               Words::tr("If it comes back: a newer driver, less heat, and no overclocking.")},
              {}};
    case engine::Diagnosis::None:
      break;
  }
  return {Words::tr("The device refuses"),
          Words::tr("The processor that makes pictures did not answer as it should."),
          {Words::tr("Try again; if it stays, choose another precision in the Tools menu.")},
          {Remedy::TryAgain}};
}

}  // namespace

ErrorAdvice adviceFor(const engine::EngineError& error, const engine::GenerationRequest& request) {
  switch (error.kind) {
    case engine::ErrorKind::OutOfMemory:
      return outOfMemoryAdvice(request);
    case engine::ErrorKind::BadFile:
    case engine::ErrorKind::MissingFile:
    case engine::ErrorKind::MissingPart:
      return fileAdvice(error.kind, request);
    case engine::ErrorKind::WrongFamily:
      return familyAdvice(request);
    case engine::ErrorKind::BadRequest:
      return {Words::tr("A value cannot be used"),
              Words::tr("One of the settings is outside what the model or the studio can do."),
              {Words::tr("Change the value named above.")},
              {}};
    case engine::ErrorKind::CannotWrite:
      return {Words::tr("The picture cannot be saved"),
              Words::tr("The folder cannot be written to, or the disk is full."),
              {Words::tr("Choose another folder, or make room on the disk.")},
              {Remedy::ChooseOutputFolder, Remedy::TryAgain}};
    case engine::ErrorKind::Device:
      return deviceAdvice(error.diagnosis);
    case engine::ErrorKind::Internal:
      break;
  }
  return {Words::tr("Something went wrong in the studio"),
          Words::tr("This is a mistake of ours, not of yours."),
          {Words::tr("Try again; if it stays, copy the report and send it to the developers.")},
          {Remedy::TryAgain}};
}

QString remedyText(Remedy remedy, const engine::GenerationRequest& request) {
  switch (remedy) {
    case Remedy::TryAgain:
      return Words::tr("Try again");
    case Remedy::BatchOfOne:
      return Words::tr("Batch size 1 and try again");
    case Remedy::SmallerPicture:
      return Words::tr("%1 × %2 and try again")
          .arg(smallerSide(request.size.width))
          .arg(smallerSide(request.size.height));
    case Remedy::ChooseOutputFolder:
      return Words::tr("Choose a folder…");
    case Remedy::ChooseModel:
      return Words::tr("Choose a model");
    case Remedy::SwitchLorasOff:
      return Words::tr("Without LoRAs");
  }
  return {};
}

void applyRemedy(Remedy remedy, engine::GenerationRequest& request) {
  switch (remedy) {
    case Remedy::BatchOfOne:
      request.batchCount = std::min(request.batchCount * request.batchSize, engine::kMostBatches);
      request.batchSize = 1;
      break;
    case Remedy::SmallerPicture:
      request.size = {smallerSide(request.size.width), smallerSide(request.size.height)};
      break;
    case Remedy::SwitchLorasOff:
      request.loras.clear();
      break;
    case Remedy::TryAgain:
    case Remedy::ChooseOutputFolder:
    case Remedy::ChooseModel:
      break;
  }
}

}  // namespace studio::ui
