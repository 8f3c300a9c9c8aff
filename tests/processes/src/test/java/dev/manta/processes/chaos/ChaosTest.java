package dev.manta.processes.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.NotExecutedException;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.TaskFailedException;
import dev.manta.processes.chaos.RunLog.Run;
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.WithWorkers;
import dev.manta.processes.support.Workers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A random program on four workers, of which one is killed every second: every ref ends in time,
 * with what has happened, and nothing is left. {@code -Dchaos.seconds} says for how long, {@code
 * -Dchaos.seed} which program.
 */
class ChaosTest {
  private static final int WORKERS = 4;
  private static final int SUBMITTERS = 2;
  private static final Duration RUNS = Duration.ofSeconds(Long.getLong("chaos.seconds", 10));
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(1);

  /** By so much a ref may end after its deadline, on a machine whose cores start JVMs. */
  private static final Duration LATENESS = Duration.ofSeconds(2);

  private static final Set<Reason> EXPECTED =
      Set.of(
          Reason.WORKER_DIED, Reason.ACTOR_DIED, Reason.OWNER_DIED, Reason.DEADLINE,
          Reason.CANCELLED, Reason.DEPENDENCY_FAILED, Reason.OBJECT_LOST);

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void everyRefEnds_honestly_andNothingIsLeft(@TempDir Path folder) throws Exception {
    long seed = Long.getLong("chaos.seed", new Random().nextLong());
    System.out.println("chaos: -Dchaos.seed=" + seed);
    RunLog log = new RunLog(folder.toString());
    LocalOptions options = WithWorkers.options(WORKERS);
    Program program;
    try (Manta manta = WithWorkers.awaitAll(Manta.start(options))) {
      program = new Program(manta, log);
      int kills = runUnderFire(program, seed);
      try {
        Limits.until("the end of " + pending(program).size() + " refs",
            () -> pending(program).isEmpty());
      } catch (AssertionError e) {
        throw new AssertionError("never ended: " + pending(program), e);
      }
      check(program, log);
      report(program, kills);
      program.actors().forEach(manta::kill);
      WithWorkers.checkAllGivenBack(manta);
    } catch (Throwable e) {
      throw new AssertionError("with -Dchaos.seed=" + seed, e);
    }
    WithWorkers.checkNothingLeft();
  }

  private static List<Submitted> pending(Program program) {
    return program.all.stream().filter(c -> !c.isOver()).toList();
  }

  /** Runs the program and kills workers; returns how many. */
  private static int runUnderFire(Program program, long seed) throws Exception {
    long endNs = System.nanoTime() + RUNS.toNanos();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Integer>> submitters = new ArrayList<>();
      for (int i = 0; i < SUBMITTERS; i++) {
        Random random = new Random(seed + i);
        Callable<Integer> submitter =
            () -> {
              program.run(random, endNs);
              return 0;
            };
        submitters.add(threads.submit(submitter));
      }
      Future<Integer> killer = threads.submit(() -> killUntil(endNs, new Random(~seed)));
      for (Future<Integer> submitter : submitters) {
        var _ = submitter.get();
      }
      return killer.get();
    }
  }

  private static int killUntil(long endNs, Random random) {
    int kills = 0;
    long nextNs = System.nanoTime() + BETWEEN_KILLS.toNanos();
    while (nextNs - endNs < 0) {
      while (System.nanoTime() - nextNs < 0) {
        LockSupport.parkNanos(nextNs - System.nanoTime());
      }
      List<ProcessHandle> workers = Workers.own();
      if (!workers.isEmpty()) {
        Workers.kill(workers.get(random.nextInt(workers.size())).pid());
        kills++;
      }
      nextNs += BETWEEN_KILLS.toNanos();
    }
    return kills;
  }

  private static void check(Program program, RunLog log) {
    Map<Long, List<Run>> runs = log.all().stream().collect(Collectors.groupingBy(Run::id));
    List<String> wrong = new ArrayList<>();
    for (Submitted call : program.all) {
      String problem = problem(call, runs.getOrDefault(call.id, List.of()));
      if (problem != null) {
        wrong.add(problem + ": " + call + ", runs " + runs.get(call.id));
      }
    }
    assertThat(wrong).isEmpty();
    for (List<Run> all : runs.values()) {
      Set<String> attempts = new HashSet<>();
      boolean isInner = all.getFirst().id() % Program.IDS_OF_EACH != 0;
      assertThat(all).hasSizeLessThanOrEqualTo(isInner ? 1 : Integer.MAX_VALUE);
      for (Run run : all) {
        String attempt = run.life().equals("task") ? "attempt " + run.attempt() : run.life();
        assertThat(attempts.add(attempt)).as("ran twice in one life: %s", all).isTrue();
      }
    }
  }

  /** What is wrong with how a call ended, or null. */
  private static @Nullable String problem(Submitted call, List<Run> runs) {
    if (call.wrong != null) {
      return call.wrong;
    }
    if (call.lateMs() > LATENESS.toMillis()) {
      return call.lateMs() + " ms after its deadline";
    }
    if (runs.size() > call.retries + 1) {
      return "ran more often than it may";
    }
    return switch (call.error) {
      case null -> runs.isEmpty() ? "a value without a run" : null;
      case NotExecutedException e ->
          !runs.isEmpty() ? "not executed, but it ran" : expected(e);
      case OutcomeUnknownException e -> expected(e);
      case TaskFailedException e -> inner(e);
      case Throwable e -> "an error that is none of Manta's";
    };
  }

  private static @Nullable String expected(MantaException e) {
    return EXPECTED.contains(e.reason()) ? null : "a reason that nothing here has";
  }

  /** A call that waited for another fails with its error. */
  private static @Nullable String inner(TaskFailedException e) {
    return switch (e.getCause()) {
      case TaskFailedException inner -> inner(inner);
      case MantaException inner -> expected(inner);
      case java.util.concurrent.CancellationException _ -> null;
      case null, default -> "an error of the application, which throws none";
    };
  }

  private static void report(Program program, int kills) {
    Map<String, Integer> ends = new HashMap<>();
    for (Submitted call : program.all) {
      Throwable e = call.error;
      String end =
          e == null
              ? "value"
              : e.getClass().getSimpleName() + (e instanceof MantaException m
                  ? " " + m.reason()
                  : "");
      ends.merge(end, 1, Integer::sum);
    }
    System.out.println("chaos: " + kills + " kills, " + program.all.size() + " calls: " + ends);
  }
}
