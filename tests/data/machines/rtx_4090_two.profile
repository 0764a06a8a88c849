cpu: AMD Ryzen 7 5800X 8-Core Processor
  cores: 16, threads: 32, NUMA nodes: 1
  instruction sets: sse4_2, avx, avx2, fma
GPU-00000001-1111-2222-3333-444444444444: NVIDIA GeForce RTX 4090
  vendor: nvidia
  pci: 0000:01:00.0 10de:2684
  uuid: GPU-00000001-1111-2222-3333-444444444444
  architecture: compute 8.9
  driver: 580.95.05
  features: compute 8.9, driver 580.95.05, CUDA 13.0, CUDA_VISIBLE_DEVICES=1
  total: 24564 MiB
  free: 23000 MiB
  program: Xorg 858 MiB
  drives display: yes
  link now: generation 1, 16 lanes
  link at most: generation 4, 16 lanes
  power limit: 450 W
  obstacle: no_back_end
  reason: This build has no back end for it; set up again with --backend cuda.
cuda:0: NVIDIA GeForce RTX 4090
  vendor: nvidia
  pci: 0000:02:00.0 10de:2684
  uuid: GPU-00000002-1111-2222-3333-444444444444
  architecture: compute 8.9
  driver: 580.95.05
  features: compute 8.9, driver 580.95.05, CUDA 13.0, CUDA_VISIBLE_DEVICES=1
  total: 24564 MiB
  free: 24100 MiB
  drives display: no
  link now: generation 1, 4 lanes
  link at most: generation 3, 4 lanes
  power limit: 450 W
  obstacle: no_back_end
  reason: This build has no back end for it; set up again with --backend cuda.
memory
  machine: 128000 MiB
  total: 128000 MiB
  available: 96000 MiB
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
variable CUDA_VISIBLE_DEVICES: 1
with cuda: GPU-00000001-1111-2222-3333-444444444444 hidden
with cuda: cuda:0 usable
with rocm: GPU-00000001-1111-2222-3333-444444444444 no_back_end
with rocm: GPU-00000002-1111-2222-3333-444444444444 no_back_end
