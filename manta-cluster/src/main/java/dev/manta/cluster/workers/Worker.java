package dev.manta.cluster.workers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A worker process, as its parent sees it. Three threads watch it: one for its exit, one for each
 * stream of its output. The process ends with its parent, since its stdin stays open until then.
 * May be used by any thread.
 */
public final class Worker {
  /** How long after the exit its output may still take; others may have inherited its streams. */
  private static final Duration OUTPUT_AFTER_EXIT = Duration.ofMillis(500);
  private static final int CRASH_LINES = 20;

  private final int number;
  private final Process process;
  private final Instant start;
  private final Output output;
  private final RunDirectory run;
  private final CompletableFuture<Exit> exit = new CompletableFuture<>();
  private volatile boolean asked;

  private Worker(int number, Process process, RunDirectory run) {
    this.number = number;
    this.process = process;
    this.run = run;
    start = process.info().startInstant().orElseGet(Instant::now);
    output = new Output(number);
  }

  /**
   * Starts a process.
   *
   * @param blocks give what is written to its stdin, one after the other; called while the JVM starts, on
   *     a thread of the worker's, where they may wait. When one fails the process is ended
   * @throws IOException if the system does not start it
   */
  static Worker start(
      int number, ProcessBuilder command, List<Supplier<byte[]>> blocks, RunDirectory run)
      throws IOException {
    var process = command.start();
    var worker = new Worker(number, process, run);
    try {
      run.note(process.toHandle());
    } catch (IOException e) {
      process.destroyForcibly();
      throw e;
    }
    worker.watch(blocks);
    return worker;
  }

  private void watch(List<Supplier<byte[]>> blocks) {
    var out = pump("out", process.getInputStream(), () -> System.out);
    var err = pump("err", process.getErrorStream(), () -> System.err);
    thread("exit", () -> {
      write(blocks);
      int code = awaitExit();
      awaitOutput(out, err);
      exit.complete(exitOf(code));
    });
  }

  private Thread pump(
      String name, InputStream stream, Supplier<PrintStream> target) {
    return thread(name, () -> output.pump(stream, target));
  }

  private Thread thread(String name, Runnable body) {
    return Thread.ofPlatform()
        .inheritInheritableThreadLocals(false)
        .name("manta-worker-" + number + "-" + name)
        .daemon()
        .start(body);
  }

  /** On a thread of the worker's: a pipe may be too small for a block until it is read. */
  @SuppressWarnings("StreamResourceLeak") // open for as long as the worker is to live
  private void write(List<Supplier<byte[]>> blocks) {
    OutputStream stdin = process.getOutputStream();
    try {
      for (Supplier<byte[]> block : blocks) {
        stdin.write(block.get());
        stdin.flush();
      }
    } catch (IOException e) {
      // it has ended, which is seen next
    } catch (RuntimeException e) { // there is nothing to tell it: the run has ended meanwhile
      process.destroyForcibly();
    }
  }

  private int awaitExit() {
    while (true) {
      try {
        return process.waitFor();
      } catch (InterruptedException e) {
        // nobody may interrupt this thread
      }
    }
  }

  private static void awaitOutput(Thread... pumps) {
    long endNs = System.nanoTime() + OUTPUT_AFTER_EXIT.toNanos();
    try {
      for (var pump : pumps) {
        boolean _ = pump.join(Duration.ofNanos(endNs - System.nanoTime()));
      }
    } catch (InterruptedException e) {
      // nobody may interrupt this thread
    }
  }

  private Exit exitOf(int code) {
    var crash = run.keepCrashFile(pid());
    return new Exit(
        number,
        pid(),
        code,
        asked,
        code == Exit.OUT_OF_MEMORY && output.saidOutOfMemory(),
        crash,
        crash.map(Worker::firstLines).orElse(List.of()),
        output.lastLines());
  }

  private static List<String> firstLines(Path file) {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      return lines.limit(CRASH_LINES).toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  /** Its number, from 1 upward, which no other worker of its run has ever. */
  public int number() {
    return number;
  }

  /** Its process id, which another process may have once it has ended. */
  public long pid() {
    return process.pid();
  }

  /** When the process started, by the system's clock. */
  public Instant start() {
    return start;
  }

  /** Whether this process has asked it to end, or ended it. */
  public boolean isAsked() {
    return asked;
  }

  /** Whether the process has not ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Completes when the process has ended, at the latest a second after it, and never
   * exceptionally. What hangs on it runs on the thread that watched the process.
   */
  public CompletionStage<Exit> onExit() {
    return exit.minimalCompletionStage();
  }

  /** How it ended, or empty while that is not known. */
  public Optional<Exit> exit() {
    return exit.isDone() ? Optional.of(exit.join()) : Optional.empty();
  }

  /**
   * Asks the process to end (SIGTERM), so that it drains, and ends it if it still lives after a
   * time. Returns at once.
   */
  public void stop(Duration grace, Schedule schedule) {
    terminate();
    var forced = schedule.after(grace, this::kill);
    var _ = exit.thenRun(forced::cancel);
  }

  /** Asks the process to end (SIGTERM), so that it drains. Returns at once. */
  public void terminate() {
    asked = true;
    var _ = process.toHandle().destroy();
  }

  /** Ends the process at once (SIGKILL), also a stopped one. Returns before it has ended. */
  public void kill() {
    asked = true;
    var _ = process.toHandle().destroyForcibly();
  }

  @Override
  public String toString() {
    return "worker %d (process %d)".formatted(number, pid());
  }
}
