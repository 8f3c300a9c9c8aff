package dev.manta.cluster.memory;

import java.nio.file.Path;

/** A process that begins all work but each third of a caller, on two threads, and then waits. */
final class BeginningProcess {
  private BeginningProcess() {}

  public static void main(String[] args) throws Exception {
    BegunFile file = BegunFile.create(Path.of(args[0]));
    BegunFile.Area area = file.area(Integer.parseInt(args[1]));
    int works = Integer.parseInt(args[2]);
    Thread[] threads = new Thread[2];
    for (int t = 0; t < threads.length; t++) {
      int first = t;
      threads[t] =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int work = first; work < works; work += threads.length) {
                      if (work % 3 != 0) {
                        area.begins(work);
                      }
                    }
                  });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.println("begun");
    int _ = System.in.read();
  }
}
