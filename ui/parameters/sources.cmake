list(APPEND UI_SOURCES
  parameters/advanced_card.cpp
  parameters/advanced_fields.cpp
  parameters/field_row.cpp
  parameters/parameters_panel.cpp
  parameters/sampling_card.cpp
  parameters/seed_field.cpp
  parameters/seed_text.cpp
  parameters/size_card.cpp
  parameters/size_rules.cpp)
