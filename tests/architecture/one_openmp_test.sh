#!/usr/bin/env bash
# The program loads one OpenMP runtime, libtorch's own: two would each start a pool of threads.
# usage: one_openmp_test.sh <program> <folder of libtorch>
runtimes="$(ldd "$1" | grep -E 'lib(gomp|iomp5|omp)\.so')"
echo "$runtimes"
[ "$(grep -c . <<<"$runtimes")" -eq 1 ] || { echo "expected exactly one"; exit 1; }
found="$(realpath "$(awk '{ print $3 }' <<<"$runtimes")")"
[ "$found" = "$(realpath "$2/lib/libgomp.so.1")" ] || { echo "expected the one in $2/lib"; exit 1; }
! ldd "$1" | grep -E 'not found|torch_python'
