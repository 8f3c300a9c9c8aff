"""Many calls at once: 5,000 that sleep in an actor, and 50,000 that wait for a stalled one."""

import asyncio
import os
import time

import ray
from ray_side import median, run, show

SLEEPERS = 5_000
ROUNDS = 3
PENDING = 50_000
STALL_S = 120


@ray.remote(num_cpus=0, max_concurrency=10_000)
class Sleeper:
    async def sleep(self):
        await asyncio.sleep(1)
        return 1


@ray.remote(num_cpus=0)
class Stalled:
    def stall(self):
        time.sleep(STALL_S)

    def add(self, amount):
        return amount

    def pid(self):
        return os.getpid()


def sleepers():
    sleeper = Sleeper.remote()
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter_ns()
        back = sum(ray.get([sleeper.sleep.remote() for _ in range(SLEEPERS)]))
        times.append(time.perf_counter_ns() - begin)
        if back != SLEEPERS:
            raise AssertionError(f"{back} calls came back")
    show("sleepers", median(times))


def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def pending():
    warm = Stalled.remote()
    ray.get([warm.add.remote(5) for _ in range(5_000)])
    stalled = Stalled.remote()
    ray.get(stalled.pid.remote())
    stalled.stall.remote()
    before = resident()
    begin = time.perf_counter_ns()
    refs = [stalled.add.remote(5) for _ in range(PENDING)]
    show("pending.time", time.perf_counter_ns() - begin)
    show("pending.memory", (resident() - before) / len(refs))
    ray.kill(stalled)


run({"sleepers": sleepers, "pending.time": pending})
