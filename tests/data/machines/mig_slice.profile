cpu: AMD EPYC 7742 64-Core Processor
  cores: 16, threads: 32, NUMA nodes: 2
  instruction sets: sse4_2, avx, avx2, fma
GPU-00000001-1111-2222-3333-444444444444: NVIDIA A100-SXM4-40GB
  vendor: nvidia
  pci: 0000:c1:00.0 10de:20b0
  uuid: GPU-00000001-1111-2222-3333-444444444444
  architecture: compute 8.0
  driver: 580.95.05
  features: compute 8.0, driver 580.95.05, CUDA 13.0, MIG
  total: 40960 MiB
  free: 40000 MiB
  link now: generation 4, 16 lanes
  link at most: generation 4, 16 lanes
  obstacle: split
  reason: It is split (MIG): its instances are listed instead.
cuda:0: NVIDIA A100-SXM4-40GB MIG 1g.5gb
  vendor: nvidia
  pci: 0000:c1:00.0 10de:20b0
  uuid: MIG-aaaaaaaa-1111-2222-3333-444444444444
  architecture: compute 8.0
  driver: 580.95.05
  features: compute 8.0, driver 580.95.05, CUDA 13.0, MIG
  total: 4864 MiB
  free: 4850 MiB
  link now: generation 4, 16 lanes
  link at most: generation 4, 16 lanes
  obstacle: no_back_end
  reason: This build has no back end for it; set up again with --backend cuda.
memory
  machine: 515000 MiB
  total: 515000 MiB
  available: 480000 MiB
  limited by a group: no
folder /home/user/models
  mount: overlay at /
  remote: no
check nvidia_driver: 580.95.05. NVIDIA's kernel driver is loaded.
check nvidia_smi: no. nvidia-smi shows what NVIDIA cards do. The studio asks the driver itself and does not need it.
check nvcc: no. nvcc belongs to the CUDA toolkit, which is for building programs. The studio needs none.
check amd_driver: no. AMD's compute driver is not loaded. Only AMD cards need it.
check rocm: no. ROCm is for AMD cards only.
with cuda: GPU-00000001-1111-2222-3333-444444444444 split
with cuda: cuda:0 usable
with rocm: GPU-00000001-1111-2222-3333-444444444444 split
with rocm: MIG-aaaaaaaa-1111-2222-3333-444444444444 no_back_end
