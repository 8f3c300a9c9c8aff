"""Tasks in two worker processes."""

import ray
from ray_side import rate_in_flight, run, show


@ray.remote
def nothing():
    return 1


def tasks():
    show("tasks", rate_in_flight(nothing.remote))


run({"tasks": tasks})
