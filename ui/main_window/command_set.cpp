#include "ui/main_window/command_set.h"

#include <QCoreApplication>
#include <QKeySequence>
#include <QWidget>

#include <array>

namespace studio::ui {
namespace {

struct CommandInfo {
  Command command;
  const char* id;
  const char* text;
  const char* tip;
  std::array<const char*, 2> keys;
  bool checkable = false;
};

constexpr const char* kContext = "CommandSet";

constexpr std::array<CommandInfo, 29> kCommands{{
    {Command::OpenPicture,
     "open_picture",
     QT_TRANSLATE_NOOP("CommandSet", "&Take settings from a picture…"),
     QT_TRANSLATE_NOOP("CommandSet", "Read the settings written in a PNG, JPEG or WebP"),
     {"Ctrl+O", nullptr}},
    {Command::OpenOutputFolder,
     "open_output_folder",
     QT_TRANSLATE_NOOP("CommandSet", "Open the &picture folder"),
     QT_TRANSLATE_NOOP("CommandSet", "Show where finished pictures are"),
     {"Ctrl+Shift+O", nullptr}},
    {Command::ChooseOutputFolder,
     "choose_output_folder",
     QT_TRANSLATE_NOOP("CommandSet", "&Save pictures in…"),
     QT_TRANSLATE_NOOP("CommandSet", "Choose the folder for finished pictures"),
     {nullptr, nullptr}},
    {Command::Quit,
     "quit",
     QT_TRANSLATE_NOOP("CommandSet", "&Quit"),
     QT_TRANSLATE_NOOP("CommandSet", "Close the studio"),
     {"Ctrl+Q", nullptr}},
    {Command::Undo,
     "undo",
     QT_TRANSLATE_NOOP("CommandSet", "&Undo"),
     QT_TRANSLATE_NOOP("CommandSet", "Take back the last change of the settings"),
     {"Ctrl+Z", nullptr}},
    {Command::Redo,
     "redo",
     QT_TRANSLATE_NOOP("CommandSet", "&Redo"),
     QT_TRANSLATE_NOOP("CommandSet", "Make the change again that was taken back"),
     {"Ctrl+Shift+Z", "Ctrl+Y"}},
    {Command::CopyPicture,
     "copy_picture",
     QT_TRANSLATE_NOOP("CommandSet", "&Copy picture"),
     QT_TRANSLATE_NOOP("CommandSet", "Copy the selected picture to the clipboard"),
     {"Ctrl+Shift+C", nullptr}},
    {Command::ZoomFit,
     "zoom_fit",
     QT_TRANSLATE_NOOP("CommandSet", "&Fit picture"),
     QT_TRANSLATE_NOOP("CommandSet", "Show the whole picture"),
     {"Ctrl+0", nullptr}},
    {Command::ZoomActual,
     "zoom_actual",
     QT_TRANSLATE_NOOP("CommandSet", "&100 %"),
     QT_TRANSLATE_NOOP("CommandSet", "One pixel of the picture is one pixel of the screen"),
     {"Ctrl+1", nullptr}},
    {Command::ZoomDouble,
     "zoom_double",
     QT_TRANSLATE_NOOP("CommandSet", "&200 %"),
     QT_TRANSLATE_NOOP("CommandSet", "Show the picture at double size"),
     {"Ctrl+2", nullptr}},
    {Command::ZoomIn,
     "zoom_in",
     QT_TRANSLATE_NOOP("CommandSet", "Zoom &in"),
     QT_TRANSLATE_NOOP("CommandSet", "Show the picture larger"),
     {"Ctrl++", "Ctrl+="}},
    {Command::ZoomOut,
     "zoom_out",
     QT_TRANSLATE_NOOP("CommandSet", "Zoom &out"),
     QT_TRANSLATE_NOOP("CommandSet", "Show the picture smaller"),
     {"Ctrl+-", nullptr}},
    {Command::ShowParameters,
     "show_parameters",
     QT_TRANSLATE_NOOP("CommandSet", "&Parameters"),
     QT_TRANSLATE_NOOP("CommandSet", "Show or hide prompt and parameters"),
     {"F2", nullptr},
     true},
    {Command::ShowLoras,
     "show_loras",
     QT_TRANSLATE_NOOP("CommandSet", "&LoRAs"),
     QT_TRANSLATE_NOOP("CommandSet", "Show or hide the LoRA panel"),
     {"F3", nullptr},
     true},
    {Command::ShowGallery,
     "show_gallery",
     QT_TRANSLATE_NOOP("CommandSet", "Pi&ctures"),
     QT_TRANSLATE_NOOP("CommandSet", "Show or hide the strip of pictures"),
     {"F4", nullptr},
     true},
    {Command::Generate,
     "generate",
     QT_TRANSLATE_NOOP("CommandSet", "&Generate"),
     QT_TRANSLATE_NOOP("CommandSet", "Make the picture"),
     {"Ctrl+Return", "Ctrl+Enter"}},
    {Command::GenerateFirst,
     "generate_first",
     QT_TRANSLATE_NOOP("CommandSet", "Generate &first"),
     QT_TRANSLATE_NOOP("CommandSet", "Make this picture before all others; the one at work goes on afterwards"),
     {"Ctrl+Shift+Return", "Ctrl+Shift+Enter"}},
    {Command::Pause,
     "pause",
     QT_TRANSLATE_NOOP("CommandSet", "P&ause"),
     QT_TRANSLATE_NOOP("CommandSet", "Put the picture aside where it is and go on with it later"),
     {nullptr, nullptr}},
    {Command::Stop,
     "stop",
     QT_TRANSLATE_NOOP("CommandSet", "&Stop"),
     QT_TRANSLATE_NOOP("CommandSet", "Stop the picture that is being made"),
     {"Ctrl+Alt+Return", "Ctrl+Alt+Enter"}},
    {Command::DropWaiting,
     "drop_waiting",
     QT_TRANSLATE_NOOP("CommandSet", "Remove &waiting jobs"),
     QT_TRANSLATE_NOOP("CommandSet", "Remove the jobs in line; the running one goes on"),
     {nullptr, nullptr}},
    {Command::FocusPrompt,
     "focus_prompt",
     QT_TRANSLATE_NOOP("CommandSet", "Write the &prompt"),
     QT_TRANSLATE_NOOP("CommandSet", "Put the cursor into the prompt"),
     {"Alt+A", nullptr}},
    {Command::UseSettings,
     "use_settings",
     QT_TRANSLATE_NOOP("CommandSet", "Use the settings of the selected picture"),
     QT_TRANSLATE_NOOP("CommandSet", "Take over everything the picture was made with"),
     {nullptr, nullptr}},
    {Command::UseSeed,
     "use_seed",
     QT_TRANSLATE_NOOP("CommandSet", "Use the seed of the selected picture"),
     QT_TRANSLATE_NOOP("CommandSet", "Make the next picture from the same noise"),
     {nullptr, nullptr}},
    {Command::AddModelFolder,
     "add_model_folder",
     QT_TRANSLATE_NOOP("CommandSet", "Add a &model folder…"),
     QT_TRANSLATE_NOOP("CommandSet", "Look for models in one more folder"),
     {nullptr, nullptr}},
    {Command::AddLoraFolder,
     "add_lora_folder",
     QT_TRANSLATE_NOOP("CommandSet", "Add a &LoRA folder…"),
     QT_TRANSLATE_NOOP("CommandSet", "Look for LoRAs in one more folder"),
     {nullptr, nullptr}},
    {Command::Rescan,
     "rescan",
     QT_TRANSLATE_NOOP("CommandSet", "Look through the folders &again"),
     QT_TRANSLATE_NOOP("CommandSet", "Find models and LoRAs that were added or removed"),
     {"Ctrl+R", nullptr}},
    {Command::CopyDiagnostics,
     "copy_diagnostics",
     QT_TRANSLATE_NOOP("CommandSet", "Copy &diagnostics"),
     QT_TRANSLATE_NOOP("CommandSet", "Copy a report about studio and machine to the clipboard, without your prompt"),
     {"Ctrl+Shift+D", nullptr}},
    {Command::WhatsThis,
     "whats_this",
     QT_TRANSLATE_NOOP("CommandSet", "&What is this?"),
     QT_TRANSLATE_NOOP("CommandSet", "Click on a control to read what it does"),
     {"Shift+F1", nullptr}},
    {Command::About,
     "about",
     QT_TRANSLATE_NOOP("CommandSet", "&About Kiln Studio"),
     QT_TRANSLATE_NOOP("CommandSet", "Version and licences"),
     {nullptr, nullptr}},
}};

QString translated(const char* text) { return QCoreApplication::translate(kContext, text); }

}  // namespace

CommandSet::CommandSet(QWidget* window) : QObject(window) {
  for (const CommandInfo& info : kCommands) {
    auto* action = new QAction(translated(info.text), window);
    action->setObjectName(QLatin1String(info.id));
    action->setToolTip(translated(info.tip));
    action->setStatusTip(QString());
    action->setCheckable(info.checkable);
    QList<QKeySequence> keys;
    for (const char* key : info.keys) {
      if (key != nullptr) keys.append(QKeySequence(QLatin1String(key)));
    }
    action->setShortcuts(keys);
    window->addAction(action);
    actions_.insert(static_cast<int>(info.command), action);
  }
}

}  // namespace studio::ui
