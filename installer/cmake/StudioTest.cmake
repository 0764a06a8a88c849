# How tests are declared. Every test program is one ctest entry and runs in the repository root.
#
#   studio_add_test(<name> SOURCES ... LIBRARIES ... [LABELS ...] [TIMEOUT s] [TORCH])
#   studio_add_qt_test(<name> SOURCES ... LIBRARIES ... [LABELS ...] [TIMEOUT s] [XVFB])
#   studio_add_fuzz_target(<name> SOURCES ... [LIBRARIES ...] CORPUS <folder>)
#
# TORCH: the sources include torch headers; they are compiled in batches.
# XVFB: the test needs a real window; it runs under xvfb-run instead of Qt's offscreen platform.

# GOMP_SPINCOUNT as in app/patient_threads.cpp: tests run beside each other.
set(_studio_test_environment
  "GOMP_SPINCOUNT=5000"
  "ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1"
  "UBSAN_OPTIONS=print_stacktrace=1"
  "TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1"
  "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/support/leaks.supp:print_suppressions=0")

function(_studio_register_test name labels timeout environment)
  if(NOT timeout)
    set(timeout 900)
  endif()
  set_tests_properties(${name} PROPERTIES
    WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}" TIMEOUT ${timeout} LABELS "${labels}"
    ENVIRONMENT "${_studio_test_environment};${environment}")
endfunction()

function(studio_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TORCH" "TIMEOUT" "SOURCES;LIBRARIES;LABELS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE StudioWarnings ${arg_LIBRARIES} GTest::gtest_main GTest::gmock)
  if(arg_TORCH)
    set_target_properties(${name} PROPERTIES
      UNITY_BUILD ${STUDIO_UNITY} UNITY_BUILD_MODE BATCH UNITY_BUILD_BATCH_SIZE 8)
    target_link_libraries(${name} PRIVATE studio_torch)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  _studio_register_test(${name} "${arg_LABELS}" "${arg_TIMEOUT}" "")
endfunction()

function(studio_add_qt_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "XVFB" "TIMEOUT" "SOURCES;LIBRARIES;LABELS")
  add_executable(${name} ${arg_SOURCES})
  studio_qt_target(${name})
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} Qt6::Test)
  # A fresh home for each test program: settings of the person at the machine are never seen.
  set(home "${CMAKE_BINARY_DIR}/test-home/${name}")
  file(MAKE_DIRECTORY "${home}")
  set(environment "HOME=${home}" "XDG_CONFIG_HOME=${home}/config" "XDG_DATA_HOME=${home}/data"
    "XDG_CACHE_HOME=${home}/cache" "XDG_STATE_HOME=${home}/state" "LC_ALL=C.UTF-8")
  if(arg_XVFB)
    find_program(STUDIO_XVFB_RUN xvfb-run REQUIRED)
    add_test(NAME ${name} COMMAND ${STUDIO_XVFB_RUN} -a -s "-screen 0 1600x1000x24" $<TARGET_FILE:${name}>)
    list(APPEND environment "QT_QPA_PLATFORM=xcb")
  else()
    add_test(NAME ${name} COMMAND ${name})
    list(APPEND environment "QT_QPA_PLATFORM=offscreen")
  endif()
  _studio_register_test(${name} "${arg_LABELS}" "${arg_TIMEOUT}" "${environment}")
endfunction()

# With STUDIO_FUZZ a libFuzzer program (all of them: target studio_fuzz); otherwise a test that
# gives every file of the corpus to LLVMFuzzerTestOneInput once.
function(studio_add_fuzz_target name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "CORPUS" "SOURCES;LIBRARIES")
  cmake_path(ABSOLUTE_PATH arg_CORPUS BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE OUTPUT_VARIABLE corpus)
  if(STUDIO_FUZZ)
    add_executable(${name} EXCLUDE_FROM_ALL ${arg_SOURCES})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    if(NOT TARGET studio_fuzz)
      add_custom_target(studio_fuzz)
    endif()
    add_dependencies(studio_fuzz ${name})
  else()
    add_executable(${name} ${arg_SOURCES} "${CMAKE_SOURCE_DIR}/tests/support/replay_corpus_main.cpp")
    add_test(NAME ${name} COMMAND ${name} "${corpus}")
    _studio_register_test(${name} "fuzz" "120" "")
  endif()
  target_link_libraries(${name} PRIVATE StudioWarnings ${arg_LIBRARIES})
endfunction()
