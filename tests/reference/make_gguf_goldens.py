#!/usr/bin/env python3
"""Writes tests/data/gguf: one small tensor in each block format and what the gguf package expands it to.

    python tests/reference/make_gguf_goldens.py tests/data/gguf

Needs gguf and numpy. Formats that the package cannot write are made of random bits with small scales.
"""

import pathlib
import sys

import gguf
import numpy
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType as Type

# Places of the half-precision scales in a block that is made of random bits.
SCALES = {
    Type.Q2_K: (80, 82),
    Type.Q3_K: (108,),
    Type.Q4_K: (0, 2),
    Type.Q5_K: (0, 2),
    Type.Q6_K: (208,),
    Type.IQ4_NL: (0,),
    Type.IQ4_XS: (0,),
}
QUANTISED = (Type.Q8_0, Type.Q5_0, Type.Q5_1, Type.Q4_0, Type.Q4_1)


def random_blocks(kind, rows, columns, random):
    block, size = GGML_QUANT_SIZES[kind]
    data = random.integers(0, 256, (rows * columns // block, size), dtype=numpy.uint8)
    for place in SCALES[kind]:
        scale = random.uniform(-0.1, 0.1, len(data)).astype(numpy.float16)
        data[:, place : place + 2] = scale.view(numpy.uint8).reshape(-1, 2)
    return data.reshape(rows, columns // block * size)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    random = numpy.random.default_rng(7)
    writer = gguf.GGUFWriter(str(folder / "formats.gguf"), "sd1")
    expected = {}
    values = random.standard_normal((2, 256)).astype(numpy.float32)
    for kind in (*QUANTISED, *SCALES):
        if kind in QUANTISED:
            data = gguf.quants.quantize(values, kind)
        else:
            data = random_blocks(kind, 2, 256, random)
        writer.add_tensor(kind.name, data, raw_dtype=kind)
        expected[kind.name] = gguf.quants.dequantize(data, kind)
    writer.add_tensor("F32", values[:1])
    writer.add_tensor("F16", values[:1].astype(numpy.float16))
    bf16 = gguf.quants.quantize(values[:1], Type.BF16)
    writer.add_tensor("BF16", bf16, raw_dtype=Type.BF16)
    expected |= {"F32": values[:1], "F16": values[:1].astype(numpy.float16).astype(numpy.float32)}
    expected["BF16"] = gguf.quants.dequantize(bf16, Type.BF16)
    # A convolution that was folded into rows of whole blocks.
    folded = gguf.quants.quantize(values, Type.Q8_0)
    writer.add_tensor("conv.weight", folded, raw_dtype=Type.Q8_0)
    writer.add_array("comfy.gguf.orig_shape.conv.weight", [8, 4, 4, 4])
    expected["conv.weight"] = gguf.quants.dequantize(folded, Type.Q8_0).reshape(8, 4, 4, 4)
    writer.add_string("general.name", "kiln formats")
    writer.add_uint32("general.file_type", 7)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

    from safetensors.numpy import save_file

    save_file({name: numpy.ascontiguousarray(array, dtype=numpy.float32) for name, array in expected.items()}, folder / "expected.safetensors")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
