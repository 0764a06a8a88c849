cpu: AMD Ryzen 7 5800X 8-Core Processor
  cores: 8, threads: 16, NUMA nodes: 1
  instruction sets: sse4_2, avx, avx2, fma
pci:0000:03:00.0: AMD Radeon RX 7900
  vendor: amd
  pci: 0000:03:00.0 1002:744c
  architecture: gfx1100
  driver: amdgpu
  features: gfx1100, driver amdgpu
  total: 24576 MiB
  free: 21504 MiB
  program: blender 2048 MiB
  drives display: yes
  link now: generation 1, 8 lanes
  link at most: generation 4, 16 lanes
  power limit: 230 W
  obstacle: no_back_end
  reason: This build has no back end for it; set up again with --backend rocm.
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
program blender: 700 MiB
program Xorg: 120 MiB
check nvidia_driver: no. NVIDIA's kernel driver is not loaded. Only NVIDIA cards need it.
check nvidia_smi: no. nvidia-smi shows what NVIDIA cards do. The studio asks the driver itself and does not need it.
check nvcc: no. nvcc belongs to the CUDA toolkit, which is for building programs. The studio needs none.
check amd_driver: amdkfd. AMD's compute driver is loaded.
check rocm: no. ROCm is what AMD cards compute with. A build for it brings its own.
with cuda: pci:0000:03:00.0 no_back_end
with rocm: cuda:0 usable
