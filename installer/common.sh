# Shared by the scripts of this folder; sourced, never run.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
deps="$root/.deps"

say() { printf '[%s] %s\n' "${script_name:-studio}" "$*"; }

# Stops with a sentence that says what to do.
fail() {
  printf '\n[%s] Stopped: %s\n' "${script_name:-studio}" "$*" >&2
  exit 1
}

# timed <name> <command...>: runs a step and prints how long it took.
timed() {
  local name="$1" start=$SECONDS status=0
  shift
  say "$name ..."
  "$@" || status=$?
  say "$name: $((SECONDS - start)) s$([ $status -eq 0 ] || echo " (failed)")"
  return $status
}

# A source with torch's headers takes up to 2.5 GB to compile: bound the jobs by memory too.
buildJobs() {
  local cores memory
  cores="$(nproc)"
  memory="$(awk '/^MemAvailable:/ { print int($2 / 2500000) }' /proc/meminfo)"
  if [ "$memory" -lt "$cores" ]; then cores="$memory"; fi
  if [ "$cores" -lt 1 ]; then cores=1; fi
  echo "$cores"
}

findNvcc() {
  command -v nvcc || { [ -x /usr/local/cuda/bin/nvcc ] && echo /usr/local/cuda/bin/nvcc; }
}

# buildProgram <preset> <target>...: configures when needed (ninja does it again by itself when a
# CMake file changed) and builds.
buildProgram() {
  local preset="$1" log="$root/build/$1/configure.log" arguments="${STUDIO_CMAKE_ARGS:-}"
  shift
  mkdir -p "$root/build/$preset"
  if [ ! -f "$root/build/$preset/build.ninja" ] || [ "$(cat "$root/build/$preset/arguments" 2>/dev/null)" != "$arguments" ]; then
    # shellcheck disable=SC2086 # the arguments are words
    # Fresh: an argument that is no longer given must not live on in the cache.
    (cd "$root" && cmake --fresh --preset "$preset" $arguments) >"$log" 2>&1 ||
      { tail -n 25 "$log" >&2; fail "the build could not be configured; the reason is above, all of it in $log."; }
    printf '%s\n' "$arguments" >"$root/build/$preset/arguments"
  fi
  ninja -C "$root/build/$preset" -j "$(buildJobs)" "$@" ||
    fail "the build failed; the first error is above. If it was stopped for lack of memory (Killed), close other programs and run this again: it goes on where it stopped."
}

# runTests <preset> [ctest arguments]
runTests() {
  local preset="$1"
  shift
  ctest --test-dir "$root/build/$preset" --output-on-failure --no-tests=error -j "$(nproc)" "$@"
}
