"""Starts: of Ray to a first result, and of an actor whose process was killed."""

import os
import signal
import sys
import time

import ray
from ray_side import median, show, start

ROUNDS = 3


@ray.remote(num_cpus=0, max_restarts=-1, max_task_retries=-1)
class Process:
    async def pid(self):
        return os.getpid()


def restart():
    actor = Process.remote()
    times = []
    for _ in range(ROUNDS):
        pid = ray.get(actor.pid.remote())
        time.sleep(2)  # as on the other side
        begin = time.perf_counter_ns()
        os.kill(pid, signal.SIGKILL)
        next_pid = ray.get(actor.pid.remote())
        times.append(time.perf_counter_ns() - begin)
        if next_pid == pid:
            raise AssertionError("a killed process answered")
    show("restart", median(times))


times = []
for _ in range(ROUNDS if "start" in sys.argv[1:] else 1):
    if times:
        ray.shutdown()
    begin = time.perf_counter_ns()
    start()
    ray.get(Process.remote().pid.remote())
    times.append(time.perf_counter_ns() - begin)
if "start" in sys.argv[1:]:
    show("start", median(times))
if "restart" in sys.argv[1:]:
    restart()
ray.shutdown()
