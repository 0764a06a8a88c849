#!/usr/bin/env bash
# Brings everything the build needs: Debian packages, libtorch and the tokenizer's merges.
# Does nothing, quickly, when all is there. Everything fetched lands in .deps/ (ignored by git).
#
# usage: setup.sh [--backend cpu|cuda|rocm] [--for build|tests|checks] [--skip-packages]
set -euo pipefail
script_name=setup
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

backend=cpu
purpose=build
skip_packages=no
interactive=$([ -t 0 ] && [ -t 2 ] && echo yes || echo no)
while [ $# -gt 0 ]; do
  case "$1" in
    --backend) backend="${2:-}"; shift 2 ;;
    --for) purpose="${2:-}"; shift 2 ;;
    --skip-packages) skip_packages=yes; shift ;;
    *) fail "unknown option '$1'. Known: --backend cpu|cuda|rocm, --for build|tests|checks, --skip-packages." ;;
  esac
done
case "$backend" in
  cpu | cuda | rocm) ;;
  *) fail "'$backend' is no back end. Choose cpu, cuda or rocm." ;;
esac
case "$purpose" in
  build) package_sets="build" ;;
  tests) package_sets="build tests" ;;
  checks) package_sets="build tests checks" ;;
  *) fail "--for takes build, tests or checks, not '$purpose'." ;;
esac

wantedPackages() {
  local set
  for set in $package_sets; do awk -v set="$set" '$1 == set { print $2 }' "$root/installer/packages.txt"; done
}

missingPackages() {
  comm -23 <(wantedPackages | sort -u) \
    <(dpkg-query -W -f='${Package} ${db:Status-Status}\n' 2>/dev/null | awk '$2 == "installed" { print $1 }' | sort -u)
}

# requireSpace <GB> <folder> <what for>
requireSpace() {
  local free
  free="$(df --output=avail -k "$2" | tail -1)"
  if [ "$free" -lt $(($1 * 1000 * 1000)) ]; then
    fail "$3 takes about $1 GB, but the disk of $2 has only $((free / 1000 / 1000)) GB free. Free some space and run this again."
  fi
}

asRoot() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif [ "$interactive" = yes ]; then
    sudo "$@" # asks on the terminal itself
  else
    sudo -n "$@"
  fi
}

installPackages() {
  local missing log
  if [ "$skip_packages" = yes ]; then say "Debian packages: skipped as asked"; return; fi
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    fail "this is not a Debian system, so packages cannot be installed for you. Install the equivalents of: $(wantedPackages | tr '\n' ' ') and run this again with --skip-packages."
  fi
  missing="$(missingPackages | tr '\n' ' ')"
  if [ -z "${missing// /}" ]; then say "Debian packages: all there"; return; fi
  say "Debian packages: installing $missing"
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    fail "installing packages needs root, and sudo is not here. As root, run: apt-get install --no-install-recommends $missing"
  fi
  requireSpace 3 /usr "installing packages"
  log="$(mktemp)"
  # Dpkg::Use-Pty=0 and a log: one line of progress for each package instead of apt's own drawing.
  if ! { asRoot apt-get update && asRoot env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends -o Dpkg::Use-Pty=0 $missing; } >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    explainPackageFailure "$log" "$missing"
  fi
  rm -f "$log"
}

explainPackageFailure() {
  local log="$1" missing="$2"
  if grep -qE 'Temporary failure resolving|Could not connect|Could not resolve|Network is unreachable|Connection (failed|timed out)' "$log"; then
    fail "the package server cannot be reached. Check the network connection and run this again."
  elif grep -qE 'password is required|not in the sudoers|a terminal is required' "$log"; then
    fail "installing packages needs root. Run this in a terminal where sudo may ask for the password, or as root run: apt-get install --no-install-recommends $missing"
  elif grep -qE 'No space left|enough free space' "$log"; then
    fail "the disk is full. Free about 3 GB and run this again."
  elif grep -qE 'Unable to locate package' "$log"; then
    fail "a package is unknown to this system (see above). Debian 12 has them all; on another release install their equivalents and use --skip-packages."
  fi
  fail "apt-get could not install the packages; its last lines are above. Mend that and run this again."
}

# A Python that has pip; Debian's own is preferred over others on the path.
findPython() {
  local python
  for python in /usr/bin/python3 python3; do
    if "$python" -m pip --version >/dev/null 2>&1; then echo "$python"; return; fi
  done
  fail "no Python with pip was found. Install the package python3-pip and run this again."
}

downloadWheels() {
  local folder="$1" log requirements python
  shift
  python="$(findPython)" || exit 1
  requirements="$folder/requirements.txt"
  log="$folder/pip.log"
  : >"$requirements"
  local set
  for set in "$@"; do sed -n "s/^$set //p" "$root/installer/pins.txt" >>"$requirements"; done
  say "downloading $(wc -l <"$requirements") wheels from PyPI (torch is 530 MB$([ $# -gt 1 ] && echo ', the CUDA libraries 2 GB'))"
  if ! "$python" -m pip download --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.11 \
    --require-hashes --progress-bar off -r "$requirements" -d "$folder" 2>&1 | tee "$log" | sed -un 's/^ *Downloading /  /p'; then
    tail -n 10 "$log" >&2
    if grep -qiE 'do not match the hashes' "$log"; then
      fail "a downloaded file is not the one we pinned (wrong hash). Nothing of it was used. Try again; if it stays, the mirror in use is not to be trusted."
    elif grep -qE 'No space left' "$log"; then
      fail "the disk is full. Free about 6 GB and run this again."
    elif grep -qE 'No matching distribution' "$log" && ! grep -qE 'from versions: none|Connection|name resolution' "$log"; then
      fail "PyPI has no file for this machine. libtorch 2.11 needs x86-64 Linux with glibc 2.28 or newer (Debian 12 is fine)."
    fi
    fail "PyPI cannot be reached. Check the network connection (or your pip mirror and proxy settings) and run this again."
  fi
}

# The stamp names what was unpacked and from which pins; anything else is unpacked anew.
installLibtorch() {
  local flavour="$1" stamp wheels sets needed python
  shift
  sets="$*"
  stamp="$flavour $sets $(cat "$root/installer/pins.txt" "$root/installer/unpack_wheels.py" | sha256sum | cut -c1-16)"
  if [ "$(cat "$deps/stamp" 2>/dev/null)" = "$stamp" ]; then say "libtorch 2.11.0 ($flavour): all there"; return; fi
  needed=6
  if [ "$sets" != base ]; then needed=14; fi
  requireSpace "$needed" "$deps" "unpacking libtorch and building"
  # Wheels of a broken-off download are kept: pip checks their hashes and goes on from there.
  wheels="$deps/wheels-$({ cat "$root/installer/pins.txt"; echo "$sets"; } | sha256sum | cut -c1-16)"
  mkdir -p "$wheels"
  find "$deps" -mindepth 1 -maxdepth 1 ! -path "$wheels" ! -name lock -exec rm -rf {} +
  timed "download" downloadWheels "$wheels" $sets
  python="$(findPython)" || exit 1
  timed "unpacking" "$python" "$root/installer/unpack_wheels.py" "$wheels" "$deps" "$flavour" ||
    fail "unpacking into $deps failed (see above). Is the disk full?"
  rm -rf "$wheels"
  printf '%s\n' "$stamp" >"$deps/stamp"
}

# A richer set already unpacked serves a smaller wish as well.
alreadyUnpacked() {
  local hash
  hash="$(cat "$root/installer/pins.txt" "$root/installer/unpack_wheels.py" | sha256sum | cut -c1-16)"
  [[ "$(cat "$deps/stamp" 2>/dev/null)" == "cuda "*" $hash" ]]
}

say "Kiln Studio set-up (back end: $backend)"
mkdir -p "$deps" 2>/dev/null || fail "the folder $root cannot be written. Clone the repository to a place of your own."
exec 9>"$deps/lock"
flock -n 9 || { say "waiting for another set-up in this folder"; flock 9; }
installPackages
case "$backend" in
  cuda) installLibtorch cuda base cuda ;;
  rocm)
    fail_hint="PyPI carries no libtorch for ROCm. Unpack AMD's or PyTorch's ROCm 2.11 libtorch somewhere and configure with: cmake --preset rocm -DSTUDIO_TORCH_ROOT=<that folder>"
    [ -n "${STUDIO_TORCH_ROOT:-}" ] || fail "$fail_hint, or set STUDIO_TORCH_ROOT before running this."
    installLibtorch cpu base ;;
  cpu)
    if alreadyUnpacked; then
      say "libtorch 2.11.0 (cuda, serves cpu too): all there"
    elif [ -n "$(findNvcc)" ]; then
      installLibtorch cuda base # a CUDA compiler is here: the cuda back end can be compiled and linked
    else
      installLibtorch cpu base
    fi ;;
esac
say "set-up finished in ${SECONDS} s"
