package dev.manta.processes.support;

import dev.manta.LocalOptions;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The process of a {@link DriverMain}. */
public final class Driver implements AutoCloseable {
  private final Process process;
  private final List<ProcessHandle> busy = new ArrayList<>();

  private Driver(Process process) {
    this.process = process;
  }

  /** Starts one; returns when its workers are busy. */
  public static Driver start(int workers) {
    return start(workers, LocalOptions.local().silence());
  }

  /** Starts one with another folder for temporary files. */
  public static Driver start(int workers, Path temporary) {
    return start(workers, LocalOptions.local().silence(), "-Djava.io.tmpdir=" + temporary);
  }

  /** Starts one whose workers may be silent for so long. */
  public static Driver start(int workers, Duration silence) {
    return start(workers, silence, "-Dnone");
  }

  private static Driver start(int workers, Duration silence, String property) {
    ProcessHandle.Info self = ProcessHandle.current().info();
    String java = self.command().orElseThrow();
    String classPath = System.getProperty("java.class.path");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(
              java, property, "-cp", classPath, DriverMain.class.getName(),
              Integer.toString(workers), silence.toString())
              .redirectError(Redirect.INHERIT)
              .directory(new File("").getAbsoluteFile());
      builder.environment().remove("XDG_RUNTIME_DIR");
      Process process = builder.start();
      Driver driver = new Driver(process);
      driver.awaitReady();
      return driver;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() throws IOException {
    BufferedReader lines = process.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.equals("ready")) {
        return;
      }
      if (line.startsWith("actor in ")) {
        long pid = Long.parseLong(line.substring("actor in ".length()));
        busy.add(ProcessHandle.of(pid).orElseThrow());
      }
    }
    throw new AssertionError("the driver ended: " + process);
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** The workers that compute. */
  public List<ProcessHandle> busy() {
    return List.copyOf(busy);
  }

  /** All of its workers. */
  public List<ProcessHandle> workers() {
    return Workers.of(process.toHandle());
  }

  /** The folders of its runs. */
  public List<Path> files() {
    return Workers.files(Workers.base(), pid());
  }

  /** Ends it as {@code kill -9} does. */
  public void kill() {
    Workers.kill(process.pid());
  }

  /** Has it close its Manta and end. */
  public void finish() {
    try {
      process.outputWriter().close();
      if (!process.waitFor(Limits.TOLERANCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("the driver does not end");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> all = new ArrayList<>(workers());
    all.addAll(busy);
    process.destroyForcibly();
    all.forEach(worker -> {
      var _ = worker.destroyForcibly();
    });
  }
}
