cpu: Intel(R) Core(TM) i5-2500K CPU @ 3.30GHz
  cores: 4, threads: 4, NUMA nodes: 1
  instruction sets: sse4_2, avx
memory
  machine: 15900 MiB
  total: 15900 MiB
  available: 11000 MiB
  limited by a group: no
  swap: 16000 MiB
folder /home/user/models
  mount: ext4 at /
  rotates: yes
  remote: no
check nvidia_driver: no. NVIDIA's kernel driver is not loaded. Only NVIDIA cards need it.
check nvidia_smi: no. nvidia-smi shows what NVIDIA cards do. The studio asks the driver itself and does not need it.
check nvcc: no. nvcc belongs to the CUDA toolkit, which is for building programs. The studio needs none.
check amd_driver: no. AMD's compute driver is not loaded. Only AMD cards need it.
check rocm: no. ROCm is for AMD cards only.
