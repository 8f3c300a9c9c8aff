package dev.manta.cluster.workers;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;

/** What the workers of the tests run: what the first word of their configuration says. */
public final class TestProgram implements WorkerProgram {
  private final CountDownLatch drained = new CountDownLatch(1);
  private volatile boolean stuck;

  @Override
  public void run(WorkerConfig config) throws Exception {
    var words = new String(config.configuration(), StandardCharsets.UTF_8).split(" ", -1);
    switch (words[0]) {
      case "echo" -> echo(config);
      case "busy" -> busy();
      case "stuck" -> stuck = true;
      case "fail" -> throw new IllegalArgumentException("on purpose");
      case "halt" -> Runtime.getRuntime().halt(Integer.parseInt(words[1]));
      case "memory" -> outOfMemory();
      case "word" -> System.out.println(
          "word " + new String(config.awaitParent(), StandardCharsets.UTF_8));
      case "lines" -> lines(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
      default -> { /* waits */ }
    }
    System.out.println("pid " + ProcessHandle.current().pid() + " ready");
    drained.await();
    System.out.println("drained");
  }

  private static void echo(WorkerConfig config) throws Exception {
    System.out.println("number " + config.number());
    System.out.println("secret " + Base64.getEncoder().encodeToString(config.secret()));
    System.out.println("folder " + config.runDirectory());
    System.out.println("stdin " + System.in.read());
    System.out.println("property " + System.getProperty("manta.test"));
    System.err.println("an error");
  }

  private static void busy() {
    for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
      Thread.ofPlatform().start(() -> {
        while (true) {
          Thread.onSpinWait();
        }
      });
    }
  }

  private static void outOfMemory() {
    var all = new ArrayList<byte[]>();
    while (all.size() < 1 << 20) {
      all.add(new byte[1 << 20]);
    }
    System.out.println(all);
  }

  private static void lines(int count, int length) {
    for (int i = 0; i < count; i++) {
      System.out.println("x".repeat(length - 1) + i % 10);
    }
  }

  @Override
  public void drain() {
    System.out.println("draining");
    if (!stuck) {
      drained.countDown();
    }
  }
}
