cpu: AMD Ryzen 3 3200G with Radeon Vega Graphics
  cores: 4, threads: 4, NUMA nodes: 1
  instruction sets: sse4_2, avx, avx2, fma
pci:0000:08:00.0: AMD 1002:15d8
  vendor: amd
  pci: 0000:08:00.0 1002:15d8
  driver: amdgpu
  features: driver amdgpu
  total: 2048 MiB
  free: 1536 MiB
  drives display: yes
  link now: generation 3, 16 lanes
  link at most: generation 3, 16 lanes
  obstacle: no_driver
  reason: The kernel's compute driver (amdkfd) does not know it. It needs the driver amdgpu with compute support; a container must be started with /dev/kfd and /dev/dri.
memory
  machine: 5900 MiB
  total: 5900 MiB
  available: 1800 MiB
  limited by a group: no
  swap: 2048 MiB
folder /home/user/models
  mount: ext4 at /
  rotates: no
  remote: no
program chrome: 2400 MiB
check nvidia_driver: no. NVIDIA's kernel driver is not loaded. Only NVIDIA cards need it.
check nvidia_smi: no. nvidia-smi shows what NVIDIA cards do. The studio asks the driver itself and does not need it.
check nvcc: no. nvcc belongs to the CUDA toolkit, which is for building programs. The studio needs none.
check amd_driver: no. AMD's compute driver is not loaded: the AMD card cannot compute.
check rocm: no. ROCm is what AMD cards compute with. A build for it brings its own.
with cuda: pci:0000:08:00.0 no_driver
with rocm: pci:0000:08:00.0 no_driver
