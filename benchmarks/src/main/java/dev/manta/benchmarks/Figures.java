package dev.manta.benchmarks;

import dev.manta.benchmarks.calls.Copy;
import dev.manta.benchmarks.calls.NoOpTasks;
import dev.manta.benchmarks.calls.Pipelined;
import dev.manta.benchmarks.calls.Roundtrip;
import dev.manta.benchmarks.calls.Suspending;
import dev.manta.benchmarks.memory.IdleActors;
import dev.manta.benchmarks.memory.PendingCalls;
import dev.manta.benchmarks.memory.SuspendedCalls;
import dev.manta.benchmarks.memory.SuspendedThreads;
import dev.manta.benchmarks.start.FirstResult;
import dev.manta.benchmarks.start.FirstThread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures by name, and how each is measured. */
final class Figures {
  private static final double MIB = 1 << 20;
  private static final String[] LARGE_HEAP = {"-Xms4g", "-Xmx4g"};
  private static final List<String> WARM_UP = List.of("200000");

  private final Rates rates;
  private final int starts;

  Figures(boolean quick) {
    rates = new Rates(quick);
    starts = quick ? 10 : 30;
  }

  /** Measures one figure or a few that belong together. */
  @FunctionalInterface
  interface Figure {
    List<Ratio> measure() throws Exception;
  }

  Map<String, Figure> all() {
    Map<String, Figure> all = new LinkedHashMap<>();
    all.put("call.local.pipelined", this::pipelined);
    all.put("call.local.roundtrip", this::roundtrip);
    all.put("call.local.suspending", this::suspending);
    all.put("call.local.copy", this::copy);
    all.put("suspended.million", this::suspended);
    all.put("pending.million", this::pending);
    all.put("actors.hundredthousand", this::actors);
    all.put("task.local", this::tasks);
    all.put("start", this::start);
    return all;
  }

  private List<Ratio> pipelined() throws Exception {
    Map<String, Double> r = rates.of(Pipelined.class, 3);
    double peer = Math.max(r.get("pekkoTyped"), r.get("pekkoClassic"));
    return List.of(Ratio.ofRates("call.local.pipelined", r.get("manta"), peer, "calls/s", 5));
  }

  private List<Ratio> roundtrip() throws Exception {
    Map<String, Double> r = rates.of(Roundtrip.class);
    return List.of(
        Ratio.ofCosts(
            "call.local.roundtrip", nanos(r.get("manta")), nanos(r.get("bareThreads")), "ns",
            1 / 2.5));
  }

  private List<Ratio> suspending() throws Exception {
    Map<String, Double> r = rates.of(Suspending.class);
    return List.of(
        Ratio.ofRates("call.local.suspending", r.get("manta"), r.get("byHand"), "calls/s", 0.7));
  }

  private List<Ratio> copy() throws Exception {
    Map<String, Double> r = rates.of(Copy.class);
    double parts = nanos(r.get("codec")) + nanos(r.get("plainCall"));
    return List.of(Ratio.ofCosts("call.local.copy", nanos(r.get("call")), parts, "ns", 1 / 1.5));
  }

  /** The compiler lays out the frames of each JVM differently: the median of three counts. */
  private List<Ratio> suspended() throws Exception {
    List<Double> heaps = new ArrayList<>();
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Map<String, Long> ours = Children.figures(SuspendedCalls.class, WARM_UP, LARGE_HEAP);
      heaps.add(ours.get("heap") / MIB);
      times.add(ours.get("time") / 1e6);
    }
    Map<String, Long> theirs = Children.figures(SuspendedThreads.class, WARM_UP, LARGE_HEAP);
    Map<String, Long> cold = Children.figures(SuspendedCalls.class, List.of(), LARGE_HEAP);
    double heap = Children.median(heaps);
    return List.of(
        Ratio.ofCosts("suspended.million", heap, 1024, "MiB", 1),
        Ratio.ofCosts("suspended.million.bare", heap, theirs.get("heap") / MIB, "MiB", 0),
        Ratio.ofCosts(
            "suspended.million.time", Children.median(times), theirs.get("time") / 1e6, "ms",
            1 / 2.0),
        Ratio.ofCosts("suspended.million.cold", cold.get("heap") / MIB, 1024, "MiB", 0));
  }

  private List<Ratio> pending() throws Exception {
    long heap = Children.figures(PendingCalls.class, List.of(), LARGE_HEAP).get("heap");
    return List.of(Ratio.ofCosts("pending.million", heap, 300, "bytes", 1));
  }

  private List<Ratio> actors() throws Exception {
    long heap = Children.figures(IdleActors.class, List.of(), LARGE_HEAP).get("heap");
    return List.of(Ratio.ofCosts("actors.hundredthousand", heap, 1024, "bytes", 1));
  }

  private List<Ratio> tasks() throws Exception {
    Map<String, Double> r = rates.of(NoOpTasks.class);
    return List.of(Ratio.ofRates("task.local", r.get("manta"), r.get("pool"), "tasks/s", 0.5));
  }

  private List<Ratio> start() throws Exception {
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    for (int i = 0; i < starts; i++) {
      ours.add(Children.millis(FirstResult.class));
      theirs.add(Children.millis(FirstThread.class));
    }
    return List.of(
        Ratio.ofCosts(
            "start", Children.median(ours), Children.median(theirs), "ms", 1 / 1.6));
  }

  private static double nanos(double perSecond) {
    return 1e9 / perSecond;
  }
}
