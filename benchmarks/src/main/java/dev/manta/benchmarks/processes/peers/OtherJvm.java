package dev.manta.benchmarks.processes.peers;

import dev.manta.benchmarks.Children;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The second process of a peer: a JVM that says when it is ready and ends with its starter. */
final class OtherJvm implements AutoCloseable {
  private static final String[] OPTIONS = {
      "-Xms512m",
      "-Xmx512m",
      "-XX:+AlwaysPreTouch",
      "--sun-misc-unsafe-memory-access=allow"};
  private static final long LIMIT_SECONDS = 20;

  private final Process process;
  private final String answer;

  private OtherJvm(Process process, String answer) {
    this.process = process;
    this.answer = answer;
  }

  static OtherJvm start(Class<?> program, String... args) throws Exception {
    Process process =
        new ProcessBuilder(Children.command(program, List.of(args), OPTIONS))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      return new OtherJvm(process, firstLine(process));
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new IOException(program.getName() + " did not say that it is ready", e);
    }
  }

  private static String firstLine(Process process) throws Exception {
    CompletableFuture<String> line = new CompletableFuture<>();
    Thread.ofPlatform().daemon().start(() -> {
      try (BufferedReader reader = process.inputReader()) {
        String first = reader.readLine();
        if (first == null) {
          line.completeExceptionally(new IOException("it has ended"));
        } else {
          line.complete(first);
        }
      } catch (IOException e) {
        line.completeExceptionally(e);
      }
    });
    return line.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  /** What the program said with {@link #ready}. */
  String answer() {
    return answer;
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  /** For the program: tells its starter, and ends this JVM when the starter is gone. */
  static void ready(String answer) {
    System.out.println(answer);
    Thread.ofPlatform().daemon().start(() -> {
      try {
        while (System.in.read() >= 0) {
          // nothing is ever sent
        }
      } catch (IOException e) {
        // as at its end
      }
      Runtime.getRuntime().halt(0);
    });
  }
}
