cpu: AMD Ryzen 7 5800X 8-Core Processor
  cores: 8, threads: 16, NUMA nodes: 1
  instruction sets: sse4_2, avx, avx2, fma
pci:0000:01:00.0: NVIDIA 10de:2484
  vendor: nvidia
  pci: 0000:01:00.0 10de:2484
  driver: nvidia
  features: driver nvidia
  drives display: yes
  link now: generation 1, 16 lanes
  link at most: generation 4, 16 lanes
  obstacle: driver_changed
  reason: Its driver was updated while the computer was running. Restart the computer.
memory
  machine: 32048 MiB
  total: 32048 MiB
  available: 24036 MiB
  limited by a group: no
  swap: 2048 MiB
folder /home/user/models
  mount: ext4 at /
  rotates: no
  remote: no
program firefox: 900 MiB
program Xorg: 120 MiB
check nvidia_driver: 570.133.07. NVIDIA's kernel driver is loaded.
check nvidia_smi: /usr/bin/nvidia-smi. nvidia-smi shows what NVIDIA cards do. The studio asks the driver itself and does not need it.
check nvcc: /usr/local/cuda/bin/nvcc. nvcc belongs to the CUDA toolkit, which is for building programs. The studio needs none.
check amd_driver: no. AMD's compute driver is not loaded. Only AMD cards need it.
check rocm: no. ROCm is for AMD cards only.
with cuda: pci:0000:01:00.0 driver_changed
with rocm: pci:0000:01:00.0 driver_changed
