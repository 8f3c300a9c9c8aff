"""Calls of async actors in other processes."""

import ray
from ray_side import best_rate, rate_in_flight, run, show


@ray.remote(num_cpus=0, max_concurrency=1000)
class Counter:
    def __init__(self):
        self.value = 0

    async def add(self, amount):
        self.value += amount
        return self.value

    async def add_via(self, other, amount):
        self.value += amount
        theirs = await other.add.remote(amount)
        self.value += theirs & 1
        return self.value


def pipelined():
    counter = Counter.remote()
    show("pipelined", rate_in_flight(lambda: counter.add.remote(5)))


def roundtrip():
    counter = Counter.remote()

    def batch():
        for _ in range(50):
            ray.get(counter.add.remote(5))
        return 50

    show("roundtrip", 1e9 / best_rate(batch))


def suspending():
    first = Counter.remote()
    second = Counter.remote()
    show("suspending", rate_in_flight(lambda: first.add_via.remote(second, 5)))


run({"pipelined": pipelined, "roundtrip": roundtrip, "suspending": suspending})
