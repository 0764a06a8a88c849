"""Unpacks what a C++ program needs out of the downloaded wheels.

usage: unpack_wheels.py <wheels> <deps> cpu|cuda

<deps>/libtorch/torch    include/ and lib/ of torch, without Python's part
<deps>/libtorch/nvidia   NVIDIA's libraries, where torch's own run paths expect them
<deps>/clip              merges of the CLIP tokenizer
<deps>/licences          the licence files of every wheel
"""

import pathlib
import shutil
import sys
import zipfile

NEVER = ("libtorch_python.so", "libshm.so")
GPU_ONLY = ("libtorch_cuda.so", "libtorch_cuda_linalg.so", "libtorch_nvshmem.so", "libc10_cuda.so",
            "libcaffe2_nvrtc.so")
MERGES = "open_clip/bpe_simple_vocab_16e6.txt.gz"


def destination(name, backend):
    """Where a wheel's member goes below <deps>, or None when it is not needed."""
    path = pathlib.PurePosixPath(name)
    if name == MERGES:
        return pathlib.PurePosixPath("clip", path.name)
    if ".dist-info/" in name:
        wanted = "license" in name.lower() or path.name.startswith("NOTICE")
        return pathlib.PurePosixPath("licences", path.parts[0].removesuffix(".dist-info"), path.name) if wanted else None
    if name.startswith("torch/include/"):
        return pathlib.PurePosixPath("libtorch", name)
    if name.startswith("torch/lib/") and len(path.parts) == 3 and ".so" in path.name:
        dropped = path.name in NEVER or (backend == "cpu" and path.name in GPU_ONLY)
        return None if dropped else pathlib.PurePosixPath("libtorch", name)
    if name.startswith("nvidia/") and ("/lib/" in name or "/include/" in name):
        return None if path.suffix in (".a", ".bc") else pathlib.PurePosixPath("libtorch", name)
    return None


def unpack(wheel, deps, backend):
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            target = None if member.is_dir() else destination(member.filename, backend)
            if target is None:
                continue
            path = deps / target
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as source, open(path, "wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)


def main():
    wheels, deps, backend = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    for wheel in sorted(wheels.glob("*.whl")):
        print(f"  {wheel.name}", flush=True)
        unpack(wheel, deps, backend)


main()
