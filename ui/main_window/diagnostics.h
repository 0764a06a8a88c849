#pragma once

#include "engine/api/device_catalog.h"

#include <QString>

#include <vector>

namespace studio::ui {

class GenerationSession;
class Library;

/// A report about studio and machine as Markdown. Holds no prompt and no folder names.
QString diagnosticsReport(const QString& version, const std::vector<engine::DeviceInfo>& devices,
                          const GenerationSession& session, const Library& library);

}  // namespace studio::ui
