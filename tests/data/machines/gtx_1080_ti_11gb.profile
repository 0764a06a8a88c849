cpu: AMD Ryzen 7 5800X 8-Core Processor
  cores: 8, threads: 16, NUMA nodes: 1
  instruction sets: sse4_2, avx, avx2, fma
cuda:0: NVIDIA GeForce GTX 1080 Ti
  vendor: nvidia
  pci: 0000:01:00.0 10de:1b06
  uuid: GPU-00000001-1111-2222-3333-444444444444
  architecture: compute 6.1
  driver: 535.183.01
  features: compute 6.1, driver 535.183.01, CUDA 12.2
  total: 11169 MiB
  free: 10649 MiB
  program: Xorg 295 MiB
  program: firefox 209 MiB
  drives display: yes
  link now: generation 1, 16 lanes
  link at most: generation 3, 16 lanes
  power limit: 200 W
  obstacle: card_too_old
  reason: Its compute capability is 6.1; this libtorch needs 7.5 or more.
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
check nvidia_driver: 535.183.01. NVIDIA's kernel driver is loaded.
check nvidia_smi: no. nvidia-smi shows what NVIDIA cards do. The studio asks the driver itself and does not need it.
check nvcc: no. nvcc belongs to the CUDA toolkit, which is for building programs. The studio needs none.
check amd_driver: no. AMD's compute driver is not loaded. Only AMD cards need it.
check rocm: no. ROCm is for AMD cards only.
with cuda: cuda:0 card_too_old
with rocm: GPU-00000001-1111-2222-3333-444444444444 card_too_old
