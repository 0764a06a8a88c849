# Which back end fits this machine's graphics cards; sourced by run.sh.
#
# Two halves: looking (readNvidiaDriver, listNvidiaCards, listPciCards) and deciding (chooseBackend),
# so that the deciding can be tested on a machine with no card at all.

minimum_driver=580 # CUDA 13.0
# Architectures compiled into libtorch 2.11 for CUDA 13.0. It carries no PTX, so newer ones cannot run.
supported_capabilities="7.5 8.x 9.x 10.x 12.x"

# Prints the loaded NVIDIA driver's version, like 580.95.05, or nothing.
readNvidiaDriver() {
  sed -nE 's/^NVRM version:.* ([0-9]+\.[0-9]+(\.[0-9]+)?) .*/\1/p' /proc/driver/nvidia/version 2>/dev/null | head -1
}

# One line for each card the CUDA driver sees: "<compute capability>|<name>". Asks the driver's own
# library in a child process, because a broken driver may hang or crash whoever asks.
listNvidiaCards() {
  timeout 20 python3 - 2>/dev/null <<'PYTHON' || timeout 20 nvidia-smi --query-gpu=compute_cap,name --format=csv,noheader 2>/dev/null | sed 's/, /|/' || true
import ctypes
cuda = ctypes.CDLL("libcuda.so.1")
if cuda.cuInit(0) != 0:
    raise SystemExit(1)
count = ctypes.c_int()
cuda.cuDeviceGetCount(ctypes.byref(count))
for index in range(count.value):
    device, major, minor = ctypes.c_int(), ctypes.c_int(), ctypes.c_int()
    name = ctypes.create_string_buffer(128)
    cuda.cuDeviceGet(ctypes.byref(device), index)
    cuda.cuDeviceGetName(name, 128, device)
    cuda.cuDeviceGetAttribute(ctypes.byref(major), 75, device)  # COMPUTE_CAPABILITY_MAJOR
    cuda.cuDeviceGetAttribute(ctypes.byref(minor), 76, device)  # COMPUTE_CAPABILITY_MINOR
    print(f"{major.value}.{minor.value}|{name.value.decode(errors='replace')}")
PYTHON
}

# One line for each display controller on the PCI bus: "<vendor> <device>", like "10de 2684".
listPciCards() {
  local device class vendor
  for device in /sys/bus/pci/devices/*; do
    class="$(cat "$device/class" 2>/dev/null)" || continue
    case "$class" in 0x0300* | 0x0302* | 0x0380*) ;; *) continue ;; esac
    vendor="$(cat "$device/vendor")"
    echo "${vendor#0x} $(sed 's/^0x//' "$device/device")"
  done
}

capabilityIsSupported() {
  case "$1" in
    7.5 | 8.* | 9.* | 10.* | 12.*) return 0 ;;
    *) return 1 ;;
  esac
}

# Says what an unsupported NVIDIA card would need.
explainCapability() {
  local capability="$1" name="$2"
  if [ "${capability%%.*}" -lt 8 ]; then
    echo "$name has compute capability $capability; libtorch 2.11 for CUDA 13 begins at 7.5 (GTX 16, RTX 20 and newer). It would need a libtorch built for CUDA 12.6."
  else
    echo "$name has compute capability $capability, which libtorch 2.11 for CUDA 13 was not compiled for ($supported_capabilities). It would need a newer libtorch."
  fi
}

# chooseBackend <driver> <cards> <pci cards>: first line "cpu" or "cuda", then the reasons.
chooseBackend() {
  local driver="$1" cards="$2" pci="$3" chosen=cpu reasons="" capability name
  while IFS='|' read -r capability name; do
    [ -n "$capability" ] || continue
    if ! capabilityIsSupported "$capability"; then
      reasons+="$(explainCapability "$capability" "$name")"$'\n'
    elif [ -z "$driver" ] || [ "${driver%%.*}" -lt "$minimum_driver" ]; then
      reasons+="$name fits, but its driver ${driver:-(version unknown)} is older than $minimum_driver, which CUDA 13 needs. Update the driver to use it."$'\n'
    else
      chosen=cuda
      reasons+="$name (compute capability $capability, driver $driver)"$'\n'
    fi
  done <<<"$cards"
  if [ -z "$cards" ] && grep -q '^10de ' <<<"$pci"; then
    reasons+="An NVIDIA card is on the bus ($(grep '^10de ' <<<"$pci" | head -1 | tr ' ' ':')), but no working driver answers. It needs the NVIDIA driver $minimum_driver or newer and a card of compute capability 7.5 or more."$'\n'
  fi
  if [ "$chosen" = cpu ] && grep -q '^1002 ' <<<"$pci"; then
    reasons+="An AMD card is on the bus ($(grep '^1002 ' <<<"$pci" | head -1 | tr ' ' ':')). It needs the ROCm back end: --backend rocm with STUDIO_TORCH_ROOT naming a ROCm libtorch 2.11."$'\n'
  fi
  if [ "$chosen" = cpu ] && grep -q '^8086 ' <<<"$pci"; then
    reasons+="Intel graphics are on the bus ($(grep '^8086 ' <<<"$pci" | head -1 | tr ' ' ':')). There is no back end for them yet."$'\n'
  fi
  echo "$chosen"
  printf '%s' "${reasons:-No graphics card was found that an engine back end could use.$'\n'}"
}
