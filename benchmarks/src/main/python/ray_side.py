"""What the scripts of Ray's side share: its start, its best second, and how figures are printed."""

import os
import sys
import time

import ray

WARM_UP_S = 2
WINDOWS = 3
WINDOW_S = 1


def start():
    """
    Two CPUs, no dashboard, loopback only: Ray's processes listen on other addresses too unless
    RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER is 0 before it is imported, as the harness sets it.
    """
    ray.init(
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        logging_level="ERROR",
        object_store_memory=512 << 20,
        _node_ip_address="127.0.0.1",
        _temp_dir=os.environ.get("RAY_TEMP"),
    )
    address = ray.util.get_node_ip_address()
    if address != "127.0.0.1":
        ray.shutdown()
        sys.exit(f"Ray listens on {address}")


def show(key, figure):
    """A line of a name and a whole number, as the other sides print it."""
    print(key, round(figure), flush=True)


def best_rate(batch):
    """Operations a second of the best of a few seconds; batch() returns how many it did."""
    end = time.perf_counter() + WARM_UP_S
    while time.perf_counter() < end:
        batch()
    best = 0
    for _ in range(WINDOWS):
        done = 0
        begin = time.perf_counter()
        passed = 0
        while passed < WINDOW_S:
            done += batch()
            passed = time.perf_counter() - begin
        best = max(best, done / passed)
    return best


class InFlight:
    """Keeps 1,000 calls in flight, and gets results by the hundred, which is faster than singly."""

    CHUNK = 100
    CHUNKS = 10

    def __init__(self, call):
        self.call = call
        self.chunks = []

    def batch(self):
        if len(self.chunks) == self.CHUNKS:
            ray.get(self.chunks.pop(0))
        self.chunks.append([self.call() for _ in range(self.CHUNK)])
        return self.CHUNK

    def drain(self):
        for chunk in self.chunks:
            ray.get(chunk)


def rate_in_flight(call):
    calls = InFlight(call)
    rate = best_rate(calls.batch)
    calls.drain()
    return rate


def median(values):
    return sorted(values)[len(values) // 2]


def run(figures):
    """Measures the figures that the command line names, in this order, in one Ray."""
    start()
    try:
        for key, measure in figures.items():
            if key in sys.argv[1:]:
                measure()
    finally:
        ray.shutdown()
