package dev.manta.cluster.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Another process, with this one's class path and no options, and the lines that it prints. */
final class ChildJvm implements AutoCloseable {
  private static final String END = "(end of output)";

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  /** Runs a main class behind a command, such as one that gives it a file system of its own. */
  ChildJvm(List<String> before, Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread.ofPlatform().daemon().start(() -> {
      try (BufferedReader reader = process.inputReader()) {
        reader.lines().forEach(lines::add);
      } catch (IOException | java.io.UncheckedIOException e) {
        lines.add(e.toString());
      }
      lines.add(END);
    });
  }

  /** The next line of its output or of its errors, such as a warning of its JVM. */
  String line() throws InterruptedException {
    String line = lines.poll(30, TimeUnit.SECONDS);
    assertThat(line).as("a line within 30 s").isNotNull();
    return line;
  }

  void send(String line) throws IOException {
    process.outputWriter().write(line + "\n");
    process.outputWriter().flush();
  }

  /** Ends it with a signal that it can't handle. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  /** It has ended by itself and said nothing more. */
  void assertEnded() throws InterruptedException {
    assertThat(line()).isEqualTo(END);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  /** It writes no file any more when this has returned. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
