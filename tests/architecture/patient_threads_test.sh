#!/usr/bin/env bash
# The program's threads do not spin for long at barriers, unless the person decided otherwise.
# usage: patient_threads_test.sh <program>
spinCount() { env -u GOMP_SPINCOUNT -u OMP_WAIT_POLICY OMP_DISPLAY_ENV=VERBOSE "$@" --version 2>&1 | grep -oE "GOMP_SPINCOUNT = '[0-9]+'" | head -1; }
usual="$(spinCount "$1")"
chosen="$(spinCount env GOMP_SPINCOUNT=77 "$1")"
echo "usual: $usual, chosen: $chosen"
[ "$usual" = "GOMP_SPINCOUNT = '5000'" ] && [ "$chosen" = "GOMP_SPINCOUNT = '77'" ]
