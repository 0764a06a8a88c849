#include "ui/main_window/window_menus.h"

#include "engine/api/choices.h"
#include "settings/app_settings.h"
#include "ui/bridge/text.h"
#include "ui/main_window/command_set.h"
#include "ui/main_window/machine_watch.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QLocale>
#include <QMenu>
#include <QMenuBar>

#include <algorithm>
#include <thread>

namespace studio::ui {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(WindowMenus)
};

template <class T>
struct MenuChoice {
  QString text;
  T value;
};

/// A submenu of exclusive choices that shows and writes one setting.
template <class T>
QMenu* addChoices(QMenu& menu, const QString& title, settings::Setting<T>& setting, settings::AppSettings& settings,
                  const QList<MenuChoice<T>>& choices) {
  QMenu* submenu = menu.addMenu(title);
  auto* group = new QActionGroup(submenu);
  for (const MenuChoice<T>& choice : choices) {
    QAction* action = submenu->addAction(choice.text);
    action->setCheckable(true);
    action->setChecked(setting.get() == choice.value);
    group->addAction(action);
    QObject::connect(action, &QAction::triggered, submenu, [&setting, value = choice.value] { setting.set(value); });
    QObject::connect(&settings.store(), &settings::Store::changed, action,
                     [action, &setting, value = choice.value] { action->setChecked(setting.get() == value); });
  }
  return submenu;
}

void addCommands(QMenu& menu, const CommandSet& commands, std::initializer_list<Command> list) {
  for (const Command command : list) menu.addAction(commands[command]);
}

void addLookChoices(QMenu& menu, settings::AppSettings& settings) {
  addChoices<QString>(menu, Words::tr("&Theme"), settings.theme, settings,
                      {{Words::tr("Like the system"), QStringLiteral("system")},
                       {Words::tr("Dark"), QStringLiteral("dark")},
                       {Words::tr("Light"), QStringLiteral("light")},
                       {Words::tr("High contrast"), QStringLiteral("contrast")}});
  // Every language is named in itself, so that it can be found by who reads only that.
  addChoices<QString>(menu, Words::tr("&Language"), settings.language, settings,
                      {{Words::tr("Like the system"), QString()},
                       {QStringLiteral("English"), QStringLiteral("en")},
                       {QStringLiteral("日本語"), QStringLiteral("ja")}});
}

QString previewText(engine::PreviewMode mode) {
  switch (mode) {
    case engine::PreviewMode::Off:
      return Words::tr("Off");
    case engine::PreviewMode::LatentRgb:
      return Words::tr("Fast colours");
    case engine::PreviewMode::Decoder:
      return Words::tr("Preview decoder");
    case engine::PreviewMode::Automatic:
      return Words::tr("Automatic");
  }
  return {};
}

QString memoryModeText(engine::MemoryMode mode) {
  switch (mode) {
    case engine::MemoryMode::Automatic:
      return Words::tr("Automatic");
    case engine::MemoryMode::HighVram:
      return Words::tr("Keep everything (highvram)");
    case engine::MemoryMode::MediumVram:
      return Words::tr("One network at a time (medvram)");
    case engine::MemoryMode::LowVram:
      return Words::tr("Part of a network (lowvram)");
    case engine::MemoryMode::Streaming:
      return Words::tr("Every part when it is needed (streaming)");
    case engine::MemoryMode::Hybrid:
      return Words::tr("Text encoders and VAE on the processor (hybrid)");
    case engine::MemoryMode::Cpu:
      return Words::tr("Everything on the processor (cpu)");
  }
  return {};
}

QString pinnedText(engine::PinnedMemory pinned) {
  switch (pinned) {
    case engine::PinnedMemory::Automatic:
      return Words::tr("Automatic");
    case engine::PinnedMemory::On:
      return Words::tr("On");
    case engine::PinnedMemory::Off:
      return Words::tr("Off");
  }
  return {};
}

QString policyText(engine::OomPolicy policy) {
  switch (policy) {
    case engine::OomPolicy::Lossless:
      return Words::tr("Only what leaves the picture as it is");
    case engine::OomPolicy::Ask:
      return Words::tr("Ask before the picture changes");
    case engine::OomPolicy::Classic:
      return Words::tr("What people try by hand (classic)");
    case engine::OomPolicy::Off:
      return Words::tr("Stop");
  }
  return {};
}

/// Where there is no GPU it can be read and not changed.
void addPinnedChoices(QMenu& menu, settings::AppSettings& settings, const MachineWatch& machine) {
  QList<MenuChoice<QString>> choices;
  for (const auto& choice : engine::kPinnedMemories) choices.append({pinnedText(choice.value), toQString(choice.id)});
  QMenu* pinned = addChoices<QString>(menu, Words::tr("P&inned memory"), settings.pinned, settings, choices);
  pinned->menuAction()->setWhatsThis(
      Words::tr("Weights that wait for the GPU lie in memory that the system may not move: copies are faster, and less "
                "memory is left for other programs. Of use with a GPU only."));
  const auto update = [pinned, &machine] {
    const auto& devices = machine.devices();
    pinned->setEnabled(std::any_of(devices.begin(), devices.end(), [](const engine::DeviceInfo& device) {
      return device.kind == "gpu" && device.usable;
    }));
  };
  QObject::connect(&machine, &MachineWatch::devicesChanged, pinned, update);
  update();
}

void addMemoryChoices(QMenu& menu, settings::AppSettings& settings, const MachineWatch& machine) {
  QList<MenuChoice<QString>> modes;
  for (const auto& choice : engine::kMemoryModes) modes.append({memoryModeText(choice.value), toQString(choice.id)});
  addChoices<QString>(menu, Words::tr("&Memory"), settings.memoryMode, settings, modes);
  QList<MenuChoice<int>> budgets{{Words::tr("All that is free"), 0}};
  for (const int gibibytes : {1, 2, 3, 4, 6, 8, 12, 16, 24})
    budgets.append({Words::tr("%1 GiB").arg(gibibytes), gibibytes * 1024});
  addChoices<int>(menu, Words::tr("Memory &limit"), settings.deviceBudget, settings, budgets);
  QList<MenuChoice<int>> reserves{{Words::tr("Nothing"), 0}, {Words::tr("512 MiB"), 512}};
  for (const int gibibytes : {1, 2, 4, 8}) reserves.append({Words::tr("%1 GiB").arg(gibibytes), gibibytes * 1024});
  addChoices<int>(menu, Words::tr("&Reserved for other programs"), settings.reserve, settings, reserves);
  QList<MenuChoice<int>> kept{{Words::tr("As many as have room"), -1}, {Words::tr("None"), 0}};
  for (const int models : {1, 2, 4}) kept.append({QString::number(models), models});
  addChoices<int>(menu, Words::tr("Other models &kept in memory"), settings.keptModels, settings, kept);
  addPinnedChoices(menu, settings, machine);
  QList<MenuChoice<QString>> policies;
  for (const auto& choice : engine::kOomPolicies) policies.append({policyText(choice.value), toQString(choice.id)});
  addChoices<QString>(menu, Words::tr("&When memory runs out"), settings.oomPolicy, settings, policies);
}

void addEngineChoices(QMenu& menu, settings::AppSettings& settings, const MachineWatch& machine) {
  QList<MenuChoice<QString>> precisions;
  for (const auto& choice : engine::kPrecisions) {
    const bool automatic = choice.value == engine::Precision::Automatic;
    precisions.append({automatic ? Words::tr("Automatic") : toQString(choice.label), toQString(choice.id)});
  }
  addChoices<QString>(menu, Words::tr("&Precision"), settings.precision, settings, precisions);
  QList<MenuChoice<int>> threads{{Words::tr("Automatic"), 0}};
  const int most = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  for (int count = 1; count < most; count *= 2) threads.append({QLocale().toString(count), count});
  threads.append({QLocale().toString(most), most});
  addChoices<int>(menu, Words::tr("&Threads"), settings.threads, settings, threads);
  QList<MenuChoice<QString>> previews;
  for (const auto& choice : engine::kPreviewModes) previews.append({previewText(choice.value), toQString(choice.id)});
  addChoices<QString>(menu, Words::tr("Pre&view"), settings.preview, settings, previews);
  addMemoryChoices(menu, settings, machine);
}

void addFileMenu(QMenuBar& bar, const CommandSet& commands, settings::AppSettings& settings) {
  QMenu* menu = bar.addMenu(Words::tr("&File"));
  addCommands(*menu, commands, {Command::OpenPicture});
  menu->addSeparator();
  addCommands(*menu, commands, {Command::OpenOutputFolder, Command::ChooseOutputFolder});
  QList<MenuChoice<QString>> formats;
  for (const auto& choice : engine::kImageFormats) formats.append({toQString(choice.label), toQString(choice.id)});
  addChoices<QString>(*menu, Words::tr("&File format"), settings.outputFormat, settings, formats);
  menu->addSeparator();
  addCommands(*menu, commands, {Command::Quit});
}

}  // namespace

void buildMenus(QMenuBar& bar, const CommandSet& commands, settings::AppSettings& settings,
                const MachineWatch& machine) {
  addFileMenu(bar, commands, settings);
  QMenu* edit = bar.addMenu(Words::tr("&Edit"));
  addCommands(*edit, commands, {Command::Undo, Command::Redo});
  edit->addSeparator();
  addCommands(*edit, commands, {Command::CopyPicture});
  QMenu* view = bar.addMenu(Words::tr("&View"));
  addCommands(*view, commands,
              {Command::ZoomFit, Command::ZoomActual, Command::ZoomDouble, Command::ZoomIn, Command::ZoomOut});
  view->addSeparator();
  addCommands(*view, commands, {Command::ShowParameters, Command::ShowLoras, Command::ShowGallery});
  view->addSeparator();
  addLookChoices(*view, settings);
  QMenu* generate = bar.addMenu(Words::tr("&Generate"));
  addCommands(*generate, commands,
              {Command::Generate, Command::GenerateFirst, Command::Pause, Command::Stop, Command::DropWaiting});
  generate->addSeparator();
  addCommands(*generate, commands, {Command::FocusPrompt, Command::UseSettings, Command::UseSeed});
  QMenu* models = bar.addMenu(Words::tr("&Models"));
  addCommands(*models, commands, {Command::AddModelFolder, Command::AddLoraFolder, Command::Rescan});
  QMenu* tools = bar.addMenu(Words::tr("&Tools"));
  addEngineChoices(*tools, settings, machine);
  tools->addSeparator();
  addCommands(*tools, commands, {Command::CopyDiagnostics});
  QMenu* help = bar.addMenu(Words::tr("&Help"));
  addCommands(*help, commands, {Command::WhatsThis, Command::About});
}

}  // namespace studio::ui
