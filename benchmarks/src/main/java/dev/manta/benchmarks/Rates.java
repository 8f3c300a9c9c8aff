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

/**
 * Runs classes of JMH benchmarks. Each class is run in rounds, so that its methods come in turn, and a
 * method's best second counts: a shared machine is half as fast for some seconds now and then, and
 * that must not hit one side alone.
 */
final class Rates {
  private final boolean quick;

  Rates(boolean quick) {
    this.quick = quick;
  }

  /** Operations a second of each method of a class, by the method's name. */
  Map<String, Double> of(Class<?> benchmarks) throws RunnerException {
    return of(benchmarks, 2);
  }

  /** The same with a number of rounds, for code whose rate differs from JVM to JVM. */
  Map<String, Double> of(Class<?> benchmarks, int rounds) throws RunnerException {
    var options =
        new OptionsBuilder()
            .include("^" + benchmarks.getName().replace(".", "\\.") + "\\.")
            .mode(Mode.Throughput)
            .timeUnit(TimeUnit.SECONDS)
            .forks(1)
            .warmupIterations(quick ? 2 : 6)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(quick ? 2 : 5)
            .measurementTime(TimeValue.seconds(1))
            .jvmArgsAppend(
                "-Xms1g",
                "-Xmx1g",
                "-XX:+AlwaysPreTouch", // or the first seconds measure the kernel's clearing of pages
                "--sun-misc-unsafe-memory-access=allow")
            .shouldFailOnError(true)
            .build();
    Map<String, Double> rates = new HashMap<>();
    for (int round = 0; round < (quick ? rounds : 2 * rounds); round++) {
      for (RunResult result : new Runner(options).run()) {
        String name = result.getParams().getBenchmark();
        rates.merge(name.substring(name.lastIndexOf('.') + 1), best(result), Math::max);
      }
    }
    return rates;
  }

  private static double best(RunResult result) {
    return result.getBenchmarkResults()
        .stream()
        .flatMap(fork -> fork.getIterationResults().stream())
        .mapToDouble(second -> second.getPrimaryResult().getScore())
        .max()
        .orElseThrow();
  }
}
