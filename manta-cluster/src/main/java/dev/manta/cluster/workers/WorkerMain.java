package dev.manta.cluster.workers;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;

/**
 * The main class of a worker process: reads its configuration from stdin, runs its program, and
 * ends when the process that started it does.
 */
public final class WorkerMain {
  /** The exit code if the program failed, or could not be found. */
  public static final int PROGRAM_FAILED = 70;

  /** The exit code if the process that started this one has ended. */
  public static final int PARENT_GONE = 71;

  /** The exit code of a process that SIGTERM ended. */
  static final int TERMINATED = 143;

  private static volatile boolean runs;

  private WorkerMain() {}

  /** Whether this process is a worker. */
  public static boolean runs() {
    return runs;
  }

  /** The entry of the process; takes no arguments. */
  @SuppressWarnings("SystemExitOutsideMain") // exits on other threads too
  public static void main(String[] args) {
    runs = true;
    int code = PROGRAM_FAILED;
    try {
      run();
      code = 0;
    } catch (EOFException e) {
      Runtime.getRuntime().halt(PARENT_GONE);
    } catch (Throwable e) {
      fail(e);
    }
    System.exit(code);
  }

  private static void run() throws Exception {
    var control = new FileInputStream(FileDescriptor.in);
    System.setIn(InputStream.nullInputStream()); // the pipe is not for the program
    var config = WorkerConfig.read(new DataInputStream(control));
    watch(control, config);
    var program = find(config.program());
    handleSignals(program);
    program.run(config);
  }

  /**
   * Reads the parent's word, and halts when the pipe to it ends, as it does however the parent ends. The
   * thread is one of the operating system, so no number of busy threads keeps it from that.
   */
  private static void watch(InputStream control, WorkerConfig config) {
    Thread.ofPlatform().name("manta-parent-watch").daemon().start(() -> {
      try {
        config.readWord(new DataInputStream(control));
        while (control.read() != -1) {
          // nothing else is sent
        }
      } catch (IOException e) {
        // as its end
      } finally {
        Runtime.getRuntime().halt(PARENT_GONE);
      }
    });
  }

  /* Not as a service: to look for those takes a millisecond for each jar on the class path. */
  private static WorkerProgram find(String name) {
    try {
      return Class.forName(name)
          .asSubclass(WorkerProgram.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new IllegalStateException(
          "A worker process finds no program %s on its class path: %s".formatted(name, e), e);
    }
  }

  /**
   * The first SIGTERM drains, the second exits. Not by a shutdown hook: while hooks run, the JVM
   * ignores further signals, and its threads may no longer count on what other hooks have closed.
   *
   * <p>SIGINT and SIGHUP, which a terminal sends to the parent and its workers alike, are the
   * parent's to act on. They have a handler that does nothing, since processes that the program
   * starts would inherit that a signal is ignored. Nothing that is supported does all this.
   */
  private static void handleSignals(WorkerProgram program) {
    var draining = new AtomicBoolean();
    handle("TERM", () -> {
      if (draining.getAndSet(true)) {
        Runtime.getRuntime().halt(TERMINATED);
      }
      try {
        program.drain();
      } catch (Throwable e) {
        fail(e);
        Runtime.getRuntime().halt(PROGRAM_FAILED);
      }
    });
    handle("INT", () -> {});
    handle("HUP", () -> {});
  }

  /** Has each such signal run an action, on a new thread. */
  private static void handle(String name, Runnable action) {
    try {
      var _ = Signal.handle(new Signal(name), _ -> action.run());
    } catch (IllegalArgumentException e) {
      // the system has no such signal, or an option of the JVM keeps it
    }
  }

  private static void fail(Throwable error) {
    System.err.println("The program of this worker process failed:");
    error.printStackTrace();
    System.err.flush();
  }
}
