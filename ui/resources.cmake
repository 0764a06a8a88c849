# Everything built into the program. The style sheet cannot recolour pictures, so its icons are made here once per theme,
# with the colours of tokens.toml.

set(_resources "${PROJECT_SOURCE_DIR}/resources")
set(_themed "${CMAKE_CURRENT_BINARY_DIR}/themed-icons")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${_resources}/styles/tokens.toml")

file(GLOB STUDIO_ICONS CONFIGURE_DEPENDS "${_resources}/icons/*.svg")
foreach(icon IN LISTS STUDIO_ICONS)
  get_filename_component(_name "${icon}" NAME)
  set_source_files_properties("${icon}" PROPERTIES QT_RESOURCE_ALIAS "icons/plain/${_name}")
endforeach()

# Writes <theme>/<result>.svg: the icon in one of the theme's colours.
function(studio_themed_icon theme icon result color)
  file(READ "${_resources}/icons/${icon}.svg" _svg)
  string(REPLACE "currentColor" "${color}" _svg "${_svg}")
  file(CONFIGURE OUTPUT "${_themed}/${theme}/${result}.svg" CONTENT "${_svg}" @ONLY)
endfunction()

file(STRINGS "${_resources}/styles/tokens.toml" _lines)
set(_theme "")
foreach(line IN LISTS _lines)
  if(line MATCHES "^\\[themes\\.([a-z]+)\\]")
    set(_theme "${CMAKE_MATCH_1}")
    list(APPEND _themes ${_theme})
  elseif(_theme AND line MATCHES "^(text|accent_text) = \"(#[0-9a-f]+)\"")
    set(_${_theme}_${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
  endif()
endforeach()

set(STUDIO_THEMED_ICONS)
foreach(theme IN LISTS _themes)
  foreach(icon IN ITEMS check chevron-down chevron-up chevron-right)
    studio_themed_icon(${theme} ${icon} ${icon} "${_${theme}_text}")
    list(APPEND STUDIO_THEMED_ICONS "${_themed}/${theme}/${icon}.svg")
  endforeach()
  studio_themed_icon(${theme} check check-on-accent "${_${theme}_accent_text}")
  list(APPEND STUDIO_THEMED_ICONS "${_themed}/${theme}/check-on-accent.svg")
endforeach()
foreach(icon IN LISTS STUDIO_THEMED_ICONS)
  file(RELATIVE_PATH _alias "${_themed}" "${icon}")
  set_source_files_properties("${icon}" PROPERTIES QT_RESOURCE_ALIAS "icons/${_alias}")
endforeach()

set(STUDIO_STYLES "${_resources}/styles/tokens.toml" "${_resources}/styles/studio.qss")
foreach(style IN LISTS STUDIO_STYLES)
  get_filename_component(_name "${style}" NAME)
  set_source_files_properties("${style}" PROPERTIES QT_RESOURCE_ALIAS "styles/${_name}")
endforeach()

qt_add_resources(StudioUi studio_look PREFIX "/" FILES ${STUDIO_ICONS} ${STUDIO_THEMED_ICONS} ${STUDIO_STYLES})

# Translations are compiled at build time; the English file holds only the plural forms.
qt_add_translations(StudioUi RESOURCE_PREFIX "/i18n"
  TS_FILES "${_resources}/translations/kilnstudio_ja.ts" "${_resources}/translations/kilnstudio_en.ts")
