package dev.manta.benchmarks.processes;

import dev.manta.benchmarks.processes.manta.LightRequests;
import dev.manta.benchmarks.processes.manta.MantaCalls;
import dev.manta.benchmarks.processes.manta.MantaCrowds;
import dev.manta.benchmarks.processes.manta.MantaLife;
import dev.manta.benchmarks.processes.manta.MantaStreams;
import dev.manta.benchmarks.processes.manta.MantaTasks;
import dev.manta.benchmarks.processes.manta.MantaValues;
import dev.manta.benchmarks.processes.peers.BareMachine;
import dev.manta.benchmarks.processes.peers.NettyCalls;
import dev.manta.benchmarks.processes.peers.PekkoCalls;
import dev.manta.benchmarks.processes.peers.RawCalls;
import java.util.ArrayList;
import java.util.List;

/** The figures of many processes, what each is compared with, and the ratios that are wanted. */
final class ProcessFigures {
  private static final double MICROS = 1e-3;
  private static final double MILLIS = 1e-6;
  private static final int STARTS = 3;

  /** The compiler lays out the calls of each JVM differently: a half more or less. */
  private static final int CALLING_JVMS = 3;

  private static final int SHOWN = 0;

  private final RayEnvironment ray = new RayEnvironment();
  private final Side calls = Side.java("manta", MantaCalls.class, CALLING_JVMS);
  private final Side tasks = manta(MantaTasks.class);
  private final Side values = manta(MantaValues.class);
  private final Side crowds = manta(MantaCrowds.class);
  private final Side life = Side.java("manta", MantaLife.class, STARTS);
  private final Side requests = manta(LightRequests.class);
  private final Side rayCalls = Side.ray(ray, "calls.py");
  private final Side rayCrowds = Side.ray(ray, "crowds.py");
  private final Side rayLife = Side.ray(ray, "life.py");
  private final Side pekko = Side.java("pekko", PekkoCalls.class, CALLING_JVMS);
  private final Side netty = Side.java("netty", NettyCalls.class, CALLING_JVMS);
  private final Side machine = Side.java("raw", BareMachine.class);

  private static Side manta(Class<?> program) {
    return Side.java("manta", program);
  }

  List<Figure> all() {
    List<Figure> all = new ArrayList<>(callFigures());
    all.add(
        Figure.rate("task.remote", "tasks/s", tasks, "tasks")
            .against(Side.ray(ray, "tasks.py"), 50, "ray", "tasks")
            .limit(40_000));
    Side streams = Side.ray(ray, "streams.py");
    all.add(
        Figure.rate("stream.remote", "elements/s", manta(MantaStreams.class), "stream")
            .against(streams, 100, "ray.plain", "plain")
            .against(streams, 100, "ray.async", "async"));
    all.addAll(valueFigures());
    all.addAll(crowdFigures());
    all.add(
        Figure.cost("restart", "ms", MILLIS, life, "restart")
            .against(rayLife, 4, "ray", "restart"));
    all.add(
        Figure.cost("start.processes", "ms", MILLIS, life, "start")
            .against(rayLife, 5, "ray", "start"));
    all.add(
        Figure.rate("scale", "tasks/s", tasks, "scale.2")
            .againstOwn(tasks, 1.8, "one", "scale.1")
            .against(machine, SHOWN, "threads", "scale.2"));
    all.add(
        Figure.cost("gil", "us", MICROS, requests, "processes")
            .againstOwn(requests, SHOWN, "threads", "threads"));
    return all;
  }

  private List<Figure> callFigures() {
    return List.of(
        Figure.rate("call.remote.pipelined", "calls/s", calls, "pipelined")
            .against(rayCalls, 150, "ray", "pipelined")
            .against(pekko, 4, "pekko", "pipelined.typed", "pipelined.classic")
            .against(netty, 1, "netty.flushing", "pipelined.flushing", "bare.flushing")
            .against(netty, 0.6, "netty.coalescing", "pipelined.coalescing", "bare.coalescing"),
        Figure.cost("call.remote.roundtrip", "us", MICROS, calls, "roundtrip")
            .against(rayCalls, 25, "ray", "roundtrip")
            .against(netty, 0.4, "netty", "roundtrip")
            .against(pekko, 3, "pekko", "roundtrip.typed", "roundtrip.classic")
            .against(Side.java("raw", RawCalls.class), SHOWN, "raw", "roundtrip"),
        Figure.rate("call.remote.suspending", "calls/s", calls, "suspending")
            .against(rayCalls, 100, "ray", "suspending"));
  }

  /** Read as a view of the doubles, as Ray's are; and as an array, which is copied out. */
  private List<Figure> valueFigures() {
    Side rays = Side.ray(ray, "values.py");
    return List.of(
        Figure.cost("put.get.large", "ms", MILLIS, values, "recycled")
            .against(rays, 3, "ray", "recycled")
            .againstOwn(values, 1 / 2.2, "memcpy", "memcpy"),
        Figure.cost("put.get.large.fresh", "ms", MILLIS, values, "fresh")
            .againstOwn(values, 1 / 7.0, "memcpy", "memcpy")
            .againstOwn(values, SHOWN, "freshMemcpy", "memcpy.fresh"),
        Figure.cost("put.get.large.array", "ms", MILLIS, values, "array.recycled")
            .against(rays, SHOWN, "ray", "recycled")
            .againstOwn(values, SHOWN, "memcpy", "memcpy"));
  }

  private List<Figure> crowdFigures() {
    return List.of(
        Figure.cost("sleepers", "ms", MILLIS, crowds, "sleepers")
            .limit(1_500)
            .against(rayCrowds, SHOWN, "ray", "sleepers"),
        Figure.cost("pending.remote", "bytes", 1, crowds, "pending.memory")
            .limit(1_024)
            .against(rayCrowds, SHOWN, "ray", "pending.memory"),
        Figure.cost("pending.remote.time", "ms", MILLIS, crowds, "pending.time")
            .against(rayCrowds, 20, "ray", "pending.time"));
  }
}
