package dev.manta.processes.support;

import dev.manta.cluster.workers.RunDirectory;
import dev.manta.cluster.workers.WorkerMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The worker processes of a process, and its files, as the system sees them. */
public final class Workers {
  private Workers() {}

  /** The worker processes that a process has started and that live. */
  public static List<ProcessHandle> of(ProcessHandle parent) {
    return parent.children().filter(Workers::isWorker).toList();
  }

  /** The worker processes of this process. */
  public static List<ProcessHandle> own() {
    return of(ProcessHandle.current());
  }

  private static boolean isWorker(ProcessHandle process) {
    return process.isAlive()
        && process.info().commandLine().orElse("").contains(WorkerMain.class.getName());
  }

  /** Ends a process as {@code kill -9} does, and returns when it is gone. */
  public static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(process -> {
      var _ = process.destroyForcibly();
      awaitEnd(process);
    });
  }

  private static void awaitEnd(ProcessHandle process) {
    try {
      var _ = process.onExit().get(Limits.TOLERANCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (Exception e) {
      throw new AssertionError(process + " did not end", e);
    }
  }

  /** Sends a signal, as in {@code signal("STOP", pid)}, and waits until a stop has stopped it. */
  public static void signal(String name, long pid) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
      if (!kill.waitFor(Limits.TOLERANCE.toMillis(), TimeUnit.MILLISECONDS)
          || kill.exitValue() != 0) {
        throw new AssertionError("no signal " + name + " to " + pid);
      }
      if (name.equals("STOP")) {
        Limits.until("the stop of " + pid, () -> isStopped(pid));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether each of its threads stands still; on a busy machine that takes its time. */
  private static boolean isStopped(long pid) {
    Path threads = Path.of("/proc", Long.toString(pid), "task");
    if (!Files.isDirectory(threads)) {
      return true; // the system does not tell
    }
    try (Stream<Path> all = Files.list(threads)) {
      return all.allMatch(Workers::isThreadStopped);
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  private static boolean isThreadStopped(Path thread) {
    try {
      String stat = Files.readString(thread.resolve("stat"));
      return stat.startsWith("T", stat.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return true; // it has ended
    }
  }

  /** The folder below which each run has its files. */
  public static Path base() {
    try (RunDirectory run = RunDirectory.open()) {
      return run.path().resolveSibling(".").normalize();
    }
  }

  /** The folder below which each run of this user has its files in memory. */
  public static Path memory() {
    try {
      return Path.of("/dev/shm/manta-" + Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a process runs: one that has ended and that the system has not yet buried does not. */
  public static boolean runs(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      return process.isAlive() && !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
    } catch (IOException e) {
      return false;
    }
  }

  /** The folders of runs of a process. */
  public static List<Path> files(Path base, long pid) {
    if (!Files.isDirectory(base)) {
      return List.of();
    }
    try (Stream<Path> runs = Files.list(base)) {
      return runs.filter(r -> r.getFileName().toString().startsWith(pid + "-")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
