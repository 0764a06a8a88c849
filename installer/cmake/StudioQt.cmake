# Qt 6 and the strictness all Qt code is compiled with.
#
#   studio_qt_target(<target>)   moc and resources, strict Qt, StudioWarnings

if(NOT STUDIO_PARTS STREQUAL "all")
  return()
endif()

find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets Svg Test LinguistTools)

add_library(StudioQt INTERFACE)
target_compile_definitions(StudioQt INTERFACE
  QT_NO_KEYWORDS                  # `signals`, `slots` and `emit` break torch's headers
  QT_NO_FOREACH
  QT_NO_CAST_TO_ASCII
  QT_RESTRICTED_CAST_FROM_ASCII
  QT_NO_URL_CAST_FROM_STRING
  QT_NO_NARROWING_CONVERSIONS_IN_CONNECT
  QT_DISABLE_DEPRECATED_BEFORE=0x060400)

function(studio_qt_target target)
  target_link_libraries(${target} PUBLIC StudioQt PRIVATE StudioWarnings)
  # moc 6.4 stumbles over libstdc++'s <concepts> when it is the first header it meets; it needs nothing from it.
  set_target_properties(${target} PROPERTIES AUTOMOC ON AUTORCC ON AUTOMOC_MOC_OPTIONS "-D_GLIBCXX_CONCEPTS")
endfunction()
