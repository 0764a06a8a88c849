#!/usr/bin/env bash
# The same set-up as run.sh, then every test. Needs neither a display nor a graphics card.
#
# usage: test.sh [arguments of ctest...]      e.g. test.sh -R Safetensors
# STUDIO_CMAKE_ARGS adds configure arguments, STUDIO_SETUP_FOR=checks also installs the linters.
set -euo pipefail
script_name=test
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

timed "set-up" "$root/installer/setup.sh" --for "${STUDIO_SETUP_FOR:-tests}"
timed "build" buildProgram release all
timed "tests" runTests release "$@" || fail "a test failed; its output is above. The log: $root/build/release/Testing/Temporary/LastTest.log"
