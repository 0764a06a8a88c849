list(APPEND UI_SOURCES
  prompt/note_text.cpp
  prompt/prompt_edit.cpp
  prompt/prompt_highlighter.cpp
  prompt/prompt_notes.cpp
  prompt/prompt_panel.cpp
  prompt/prompt_section.cpp
  prompt/prompt_syntax.cpp
  prompt/text_positions.cpp
  prompt/token_meter.cpp
  prompt/weight_edit.cpp)
