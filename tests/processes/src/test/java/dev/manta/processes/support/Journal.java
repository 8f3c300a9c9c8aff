package dev.manta.processes.support;

import dev.manta.ActorRef;
import java.util.ArrayList;
import java.util.List;

/** What calls and tasks anywhere have written down, in the order of arrival. */
public final class Journal {
  private final List<String> lines = new ArrayList<>();

  /** Adds a line. */
  public void add(String line) {
    lines.add(line);
  }

  /** All lines so far. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  /** The process it is in. */
  public long pid() {
    return ProcessHandle.current().pid();
  }

  /** Adds a line and returns when it is written. */
  public static void add(ActorRef<Journal> journal, String line) {
    journal.run(j -> j.add(line)).get();
  }

  /** All lines so far. */
  public static List<String> lines(ActorRef<Journal> journal) {
    return Ends.value(journal.call(Journal::lines));
  }

  /** Returns when there are so many lines. */
  public static List<String> await(ActorRef<Journal> journal, int lines) {
    Limits.until(lines + " lines", () -> lines(journal).size() >= lines);
    return lines(journal);
  }
}
