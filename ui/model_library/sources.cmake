list(APPEND UI_SOURCES
  model_library/file_choice.cpp
  model_library/model_chooser.cpp
  model_library/model_notes.cpp)
