"""50 MB of doubles, put here and read in another process."""

import time

import numpy
import ray
from ray_side import median, run, show

DOUBLES = 6_250_000
DOUBLES_OF_A_PAGE = 512
WARM_UPS = 20
ROUNDS = 41


@ray.remote(num_cpus=0)
class Reader:
    def touch(self, values):
        return float(values[::DOUBLES_OF_A_PAGE].sum())


def put_get():
    reader = Reader.remote()
    values = numpy.arange(DOUBLES, dtype=numpy.float64)
    expected = float(values[::DOUBLES_OF_A_PAGE].sum())
    times = []
    for _ in range(WARM_UPS + ROUNDS):
        begin = time.perf_counter_ns()
        ref = ray.put(values)
        read = ray.get(reader.touch.remote(ref))
        times.append(time.perf_counter_ns() - begin)
        if read != expected:
            raise AssertionError(f"read {read} in place of {expected}")
        del ref
    show("recycled", median(times[WARM_UPS:]))


run({"recycled": put_get})
