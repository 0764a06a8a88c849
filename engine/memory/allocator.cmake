target_sources(EngineMemory PRIVATE budget_allocator.cpp)
