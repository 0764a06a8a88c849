cpu: 11th Gen Intel(R) Core(TM) i5-1135G7 @ 2.40GHz
  cores: 4, threads: 8, NUMA nodes: 1
  instruction sets: sse4_2, avx, avx2, fma, avx512f, avx512_vnni
pci:0000:00:02.0: Intel Iris Xe Graphics
  vendor: intel
  pci: 0000:00:02.0 8086:9a49
  driver: i915
  features: driver i915
  shares memory: yes
  drives display: yes
  obstacle: no_back_end
  reason: No version of the program has a back end for it.
memory
  machine: 15800 MiB
  total: 15800 MiB
  available: 9000 MiB
  limited by a group: no
  swap: 8192 MiB
  zram: 8192 MiB
folder /home/user/models
  mount: btrfs at /
  rotates: no
  remote: no
program gnome-shell: 400 MiB
check nvidia_driver: no. NVIDIA's kernel driver is not loaded. Only NVIDIA cards need it.
check nvidia_smi: no. nvidia-smi shows what NVIDIA cards do. The studio asks the driver itself and does not need it.
check nvcc: no. nvcc belongs to the CUDA toolkit, which is for building programs. The studio needs none.
check amd_driver: no. AMD's compute driver is not loaded. Only AMD cards need it.
check rocm: no. ROCm is for AMD cards only.
with cuda: pci:0000:00:02.0 no_back_end
with rocm: pci:0000:00:02.0 no_back_end
