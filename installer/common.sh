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
