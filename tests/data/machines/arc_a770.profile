cpu: AMD Ryzen 7 5800X 8-Core Processor
  cores: 8, threads: 16, NUMA nodes: 1
  instruction sets: sse4_2, avx, avx2, fma
pci:0000:00:02.0: Intel AlderLake-S GT1 [UHD Graphics 770]
  vendor: intel
  pci: 0000:00:02.0 8086:4680
  driver: i915
  features: driver i915
  shares memory: yes
  drives display: no
  obstacle: no_back_end
  reason: No version of the program has a back end for it.
pci:0000:03:00.0: Intel DG2 [Arc A770]
  vendor: intel
  pci: 0000:03:00.0 8086:56a0
  driver: xe
  features: driver xe
  drives display: yes
  link now: generation 4, 16 lanes
  link at most: generation 4, 16 lanes
  power limit: 190 W
  obstacle: no_back_end
  reason: No version of the program has a back end for it.
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
check nvidia_driver: no. NVIDIA's kernel driver is not loaded. Only NVIDIA cards need it.
check nvidia_smi: no. nvidia-smi shows what NVIDIA cards do. The studio asks the driver itself and does not need it.
check nvcc: no. nvcc belongs to the CUDA toolkit, which is for building programs. The studio needs none.
check amd_driver: no. AMD's compute driver is not loaded. Only AMD cards need it.
check rocm: no. ROCm is for AMD cards only.
with cuda: pci:0000:00:02.0 no_back_end
with cuda: pci:0000:03:00.0 no_back_end
with rocm: pci:0000:00:02.0 no_back_end
with rocm: pci:0000:03:00.0 no_back_end
