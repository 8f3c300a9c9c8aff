package dev.manta.benchmarks;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs classes of JMH benchmarks. */
final class Rates {
  private final boolean quick;

  Rates(boolean quick) {
    this.quick = quick;
  }

  /** Operations a second of each method of a class, by the method's name. */
  Map<String, Double> of(Class<?> benchmarks) throws RunnerException {
    var options =
        new OptionsBuilder()
            .include("^" + benchmarks.getName().replace(".", "\\.") + "\\.")
            .mode(Mode.Throughput)
            .timeUnit(TimeUnit.SECONDS)
            .forks(quick ? 1 : 3)
            .warmupIterations(quick ? 5 : 8)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(quick ? 5 : 8)
            .measurementTime(TimeValue.seconds(1))
            .jvmArgsAppend(
                "-Xms1g",
                "-Xmx1g",
                "-XX:+AlwaysPreTouch", // or the first seconds measure the kernel's clearing of pages
                "--sun-misc-unsafe-memory-access=allow")
            .shouldFailOnError(true)
            .build();
    Map<String, Double> rates = new HashMap<>();
    for (RunResult result : new Runner(options).run()) {
      String name = result.getParams().getBenchmark();
      rates.put(
          name.substring(name.lastIndexOf('.') + 1), result.getPrimaryResult().getScore());
    }
    return rates;
  }
}
