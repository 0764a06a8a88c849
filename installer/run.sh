#!/usr/bin/env bash
# Sets up what is missing, builds the studio and opens it.
#
# usage: run.sh [--backend auto|cpu|cuda|rocm] [arguments of the program...]
#
# Without a display and without arguments it makes one picture with the starter model instead.
set -euo pipefail
script_name=run
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
source "$root/installer/gpu.sh"

backend=auto
arguments=()
while [ $# -gt 0 ]; do
  case "$1" in
    --backend) [ $# -ge 2 ] || fail "--backend needs a value: auto, cpu, cuda or rocm."; backend="$2"; shift 2 ;;
    --backend=*) backend="${1#--backend=}"; shift ;;
    *) arguments+=("$1"); shift ;;
  esac
done

case "$backend" in
  auto)
    decision="$(chooseBackend "$(readNvidiaDriver)" "$(listNvidiaCards)" "$(listPciCards)")"
    backend="$(head -1 <<<"$decision")"
    while IFS= read -r reason; do say "$reason"; done < <(tail -n +2 <<<"$decision")
    say "back end: $backend (choose another with --backend)" ;;
  cpu | cuda | rocm) ;;
  *) fail "'$backend' is no back end. Choose auto, cpu, cuda or rocm." ;;
esac

"$root/installer/setup.sh" --backend "$backend"

preset=release
if [ "$backend" != cpu ]; then preset="$backend"; fi
if [ -n "${STUDIO_TORCH_ROOT:-}" ]; then STUDIO_CMAKE_ARGS="${STUDIO_CMAKE_ARGS:-} -DSTUDIO_TORCH_ROOT=$STUDIO_TORCH_ROOT"; fi
buildProgram "$preset" studio
program="$root/build/$preset/app/studio"

if [ ${#arguments[@]} -gt 0 ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  exec "$program" ${arguments[@]+"${arguments[@]}"}
fi

say "there is no display here, so this makes one picture with the starter model"
pictures="${XDG_PICTURES_DIR:-$HOME/Pictures}"
mkdir -p "$pictures" 2>/dev/null || pictures="$root/build"
"$program" generate --prompt "grinning face, noto emoji" --seed 1 --out "$pictures/kiln-first.png" ||
  fail "the picture could not be made; the reason is above."
say "the picture is in $pictures"
say "to open the window, run this again from a desktop session, or from elsewhere: ssh -X <this machine> $root/installer/run.sh"
