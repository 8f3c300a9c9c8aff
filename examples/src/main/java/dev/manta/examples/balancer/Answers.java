package dev.manta.examples.balancer;

import dev.manta.examples.support.Reply;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts where the answers come from, and may kill the load balancer's process in the middle. Called
 * by many threads at once.
 */
final class Answers {
  private final int killAt;
  private final long pid;
  private final Map<Integer, Integer> byProcess = new LinkedHashMap<>();
  private int count;
  private int retried;
  private int killed;
  private long killNs;
  private double pauseMs;

  /**
   * Counts from 0.
   *
   * @param killAt the answer at which the load balancer's process is killed; 0 for never
   * @param pid that process, as the system knows it
   */
  Answers(int killAt, long pid) {
    this.killAt = killAt;
    this.pid = pid;
  }

  /**
   * What is known so far.
   *
   * @param byProcess the answers by the number of their process, in the order of the first of each
   * @param retried the answers that took more than one attempt
   * @param killed the process that was killed; 0 for none
   * @param pauseMs the time from the kill to the next answer of another process; 0 if none has come
   */
  record Seen(Map<Integer, Integer> byProcess, int retried, int killed, double pauseMs) {}

  /** One more answer has come. Returns what goes to the client. */
  synchronized Reply take(Answer answer) {
    count++;
    byProcess.merge(answer.process(), 1, Integer::sum);
    if (answer.attempt() > 1) {
      retried++;
    }
    if (count == killAt) {
      killed = answer.process();
      killNs = System.nanoTime();
      kill(pid);
    } else if (killed != 0 && pauseMs == 0 && answer.process() != killed) {
      pauseMs = (System.nanoTime() - killNs) / 1e6;
    }
    return answer.reply();
  }

  /** What is known so far. */
  synchronized Seen seen() {
    return new Seen(new LinkedHashMap<>(byProcess), retried, killed, pauseMs);
  }

  /** Sends SIGKILL, which leaves the process no time for anything. */
  private static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }
}
