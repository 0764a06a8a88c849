cpu: AMD Ryzen 7 5800X 8-Core Processor
  cores: 8, threads: 16, NUMA nodes: 1
  instruction sets: sse4_2, avx, avx2, fma
cuda:0: NVIDIA GeForce GTX 1650
  vendor: nvidia
  pci: 0000:01:00.0 10de:1f82
  uuid: GPU-00000001-1111-2222-3333-444444444444
  architecture: compute 7.5
  driver: 580.95.05
  features: compute 7.5, driver 580.95.05, CUDA 13.0
  total: 3903 MiB
  free: 3383 MiB
  program: Xorg 295 MiB
  program: firefox 209 MiB
  drives display: yes
  link now: generation 1, 16 lanes
  link at most: generation 3, 16 lanes
  power limit: 200 W
  obstacle: no_back_end
  reason: This build has no back end for it; set up again with --backend cuda.
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
check nvidia_driver: 580.95.05. NVIDIA's kernel driver is loaded.
check nvidia_smi: no. nvidia-smi shows what NVIDIA cards do. The studio asks the driver itself and does not need it.
check nvcc: no. nvcc belongs to the CUDA toolkit, which is for building programs. The studio needs none.
check amd_driver: no. AMD's compute driver is not loaded. Only AMD cards need it.
check rocm: no. ROCm is for AMD cards only.
with cuda: cuda:0 usable
with rocm: GPU-00000001-1111-2222-3333-444444444444 no_back_end
