cpu: Intel(R) Xeon(R) Platinum 8480+
  cores: 56, threads: 112, NUMA nodes: 2
  instruction sets: sse4_2, avx, avx2, fma, avx512f, avx512_vnni, avx512_bf16, avx512_fp16, amx_bf16, amx_int8
pci:0000:19:00.0: NVIDIA 10de:2330
  vendor: nvidia
  pci: 0000:19:00.0 10de:2330
  driver: nvidia
  features: driver nvidia
  link now: generation 5, 16 lanes
  link at most: generation 5, 16 lanes
  obstacle: no_driver
  reason: NVIDIA's driver is not in reach of this program. Install version 580 or newer; a container must be started with access to the card.
memory
  machine: 1031000 MiB
  total: 6144 MiB
  available: 4608 MiB
  limited by a group: yes
folder /home/user/models
  mount: nfs4 at /home/user/models
  remote: yes
check nvidia_driver: 580.95.05. NVIDIA's kernel driver is loaded.
check nvidia_smi: no. nvidia-smi shows what NVIDIA cards do. The studio asks the driver itself and does not need it.
check nvcc: no. nvcc belongs to the CUDA toolkit, which is for building programs. The studio needs none.
check amd_driver: no. AMD's compute driver is not loaded. Only AMD cards need it.
check rocm: no. ROCm is for AMD cards only.
with cuda: pci:0000:19:00.0 no_driver
with rocm: pci:0000:19:00.0 no_driver
