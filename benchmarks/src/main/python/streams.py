"""Small elements through a generator, with as much ahead as Manta's streams have."""

import time

import ray
from ray_side import run, show

ELEMENTS = 5_000
ROUNDS = 3
AHEAD = 64


@ray.remote(num_cpus=0)
class Plain:
    def elements(self, count):
        for i in range(count):
            yield i


@ray.remote(num_cpus=0)
class Async:
    async def elements(self, count):
        for i in range(count):
            yield i


def rate(actor):
    elements = actor.elements.options(
        num_returns="streaming", _generator_backpressure_num_objects=AHEAD
    )
    best = 0
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        total = 0
        for ref in elements.remote(ELEMENTS):
            total += ray.get(ref)
        best = max(best, ELEMENTS / (time.perf_counter() - begin))
        if total != ELEMENTS * (ELEMENTS - 1) // 2:
            raise AssertionError(f"the sum is {total}")
    return best


def plain():
    show("plain", rate(Plain.remote()))


def of_async():
    show("async", rate(Async.remote()))


run({"plain": plain, "async": of_async})
