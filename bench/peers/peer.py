"""What every PyTorch peer of the benchmarks says and hears, one line of JSON each way:
it prints {"peer": "PyTorch 1.13.0", "blas": ..., "threads": n} once it is warm; then for every line "n" it runs n updates
and prints {"cpu_s": ..., "wall_s": ...}; an empty line or the end of input ends it."""
import ctypes
import json
import sys
import time


def blas_name():
    """The BLAS library that this process has loaded: figures of one without OpenBLAS or MKL say nothing about PyTorch."""
    with open("/proc/self/maps", encoding="ascii", errors="replace") as maps:
        loaded = maps.read()
    for name in ("mkl", "openblas", "blis", "atlas"):
        if name in loaded:
            return name
    return "reference"


def kernels():
    """Which processor's kernels OpenBLAS took; empty for any other library."""
    if blas_name() != "openblas":
        return ""
    corename = ctypes.CDLL("libopenblas.so.0").openblas_get_corename
    corename.restype = ctypes.c_char_p
    return corename().decode()


def serve(torch, threads, step, warmup):
    for _ in range(warmup):
        step()
    settle()
    say({"peer": f"PyTorch {torch.__version__}", "blas": f"{blas_name()} {kernels()}".strip(), "threads": threads})
    for line in sys.stdin:
        if not line.strip():
            break
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(int(line)):
            step()
        answer = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
        settle()
        say(answer)


def settle():
    """Waits, a second at most, until no thread of this process runs: idle ones of OpenBLAS and OpenMP spin for some 30 ms before they sleep, and
    would take turns with whoever is measured next."""
    deadline = time.perf_counter() + 1
    busy = True
    while busy and time.perf_counter() < deadline:
        before = time.process_time()
        time.sleep(0.02)
        busy = time.process_time() - before > 0.002


def say(message):
    print(json.dumps(message), flush=True)
