package dev.manta.behaviours.support;

import dev.manta.ActorRef;
import java.util.ArrayList;
import java.util.List;

/** What calls and tasks anywhere have written down, in the order of arrival. A serial actor. */
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

  /** Adds a line and returns when it is written. */
  public static void add(ActorRef<Journal> journal, String line) {
    journal.run(j -> j.add(line)).get();
  }

  /** All lines so far. */
  public static List<String> lines(ActorRef<Journal> journal) {
    return journal.call(Journal::lines).get();
  }
}
