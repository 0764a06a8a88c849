list(APPEND UI_SOURCES
  lora/elided_check_box.cpp
  lora/lora_card.cpp
  lora/lora_panel.cpp
  lora/lora_rules.cpp)
