#!/usr/bin/env bash
# Which back end run.sh chooses for which cards, and whether the reason names what is missing.
source "$(dirname "${BASH_SOURCE[0]}")/../../installer/gpu.sh"
failures=0

# expect <name> <back end> <words of the reason> <driver> <cards> <pci cards>
expect() {
  local answer
  answer="$(chooseBackend "$4" "$5" "$6")"
  if [ "$(head -1 <<<"$answer")" != "$2" ] || ! grep -qF -- "$3" <<<"$answer"; then
    printf 'FAILED %s: wanted %s and "%s", got:\n%s\n' "$1" "$2" "$3" "$answer"
    failures=$((failures + 1))
  fi
}

expect "no card" cpu "No graphics card was found" "" "" ""
expect "a card and a driver that fit" cuda "GeForce RTX 4090" 580.95.05 "8.9|GeForce RTX 4090" "10de 2684"
expect "the oldest card that fits" cuda "compute capability 7.5" 580.65 "7.5|GeForce GTX 1650" "10de 1f82"
expect "a driver too old" cpu "550.54.14 is older than 580" 550.54.14 "8.9|GeForce RTX 4090" "10de 2684"
expect "a card too old" cpu "GeForce GTX 1080 has compute capability 6.1" 580.95.05 "6.1|GeForce GTX 1080" "10de 1b80"
expect "what the old card needs" cpu "libtorch built for CUDA 12.6" 580.95.05 "6.1|GeForce GTX 1080" "10de 1b80"
expect "a card too new" cpu "It would need a newer libtorch" 620.10 "13.0|GeForce RTX 7090" "10de 4000"
expect "one of two cards fits" cuda "GeForce RTX 3060" 580.95.05 $'6.1|GeForce GTX 1080\n8.6|GeForce RTX 3060' "10de 1b80"
expect "a card without a driver" cpu "no working driver answers" "" "" "10de 2684"
expect "an AMD card" cpu "--backend rocm" "" "" "1002 744c"
expect "Intel graphics" cpu "no back end for them yet" "" "" "8086 4680"

if [ "$(chooseBackend "" "" "10de 2684" | grep -c 'No graphics card')" -ne 0 ]; then
  echo 'FAILED: a card without a driver was called "no graphics card"'
  failures=$((failures + 1))
fi
echo "$failures failures"
[ "$failures" -eq 0 ]
