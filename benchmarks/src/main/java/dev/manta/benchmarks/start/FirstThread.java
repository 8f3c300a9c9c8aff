package dev.manta.benchmarks.start;

/** The peer of {@link FirstResult}: a program that runs a lambda on a virtual thread. */
public final class FirstThread {
  private FirstThread() {}

  /** Ends the JVM as soon as the thread has ended. */
  public static void main(String[] args) throws InterruptedException {
    Thread thread = Thread.startVirtualThread(() -> System.out.println(5));
    thread.join();
    System.exit(0);
  }
}
