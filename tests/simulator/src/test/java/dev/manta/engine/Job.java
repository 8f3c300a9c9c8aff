package dev.manta.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A call, a task or a value of a program of many processes, and all that was seen of it. */
final class Job {
  static final int TASK = -1;
  static final int PUT = -2;

  /** One run of its code. */
  record Run(int attempt, SimProcess process, Resident.Life life, boolean[] returned,
      boolean[] thrown) {}

  final int number;

  /** The kind of actor that is called; or {@link #TASK}, {@link #PUT}. */
  final int kind;

  final SimProcess owner;
  final Job parent;
  final List<Run> runs = new ArrayList<>();

  /** The actor that is called. */
  long actor = -1;

  int retries;
  Job dependency;

  /** Its wait ends by itself: it waits for nothing of other code. */
  boolean isSafe = true;

  /** Of a stream: how far it has come; null else. */
  Flow flow;

  /** Its code submits nothing. */
  boolean isLeaf;

  long deadlineAt = Long.MAX_VALUE;

  /** That may be later, where its process stood still. */
  long submittedAt;

  /** The frozen time of its owner when it was submitted. */
  long frozenBefore;

  Ref<Object> ref;
  Throwable refused;
  Order order;
  int place;
  Object outcome;
  long doneAt = -1;
  int told;

  Job(int number, int kind, SimProcess owner, Job parent) {
    this.number = number;
    this.kind = kind;
    this.owner = owner;
    this.parent = parent;
  }

  /** How far a stream has come. */
  static final class Flow {
    /** How many may be ahead of the reader. */
    final int window;

    int emitted;
    int asked;
    int read;

    Flow(int window) {
      this.window = window;
    }
  }

  /** The calls through one handle. */
  static final class Order {
    private final Map<Resident.Life, Integer> started = new HashMap<>();
    private int places;

    int next() {
      return places++;
    }

    /** Whether a start in a life of the actor is in order. */
    boolean starts(Resident.Life life, int place) {
      Integer last = started.get(life);
      if (last == null || last < place) {
        started.put(life, place);
        return true;
      }
      return false;
    }
  }

  boolean isOpen() {
    return ref != null && doneAt < 0;
  }

  Throwable error() {
    return ref.raw() instanceof Ref.Failure f ? f.error : null;
  }

  String whereabouts() {
    String words = this + " of " + owner;
    if (ref instanceof Work<?> work) {
      words += " attempt " + work.attempt() + " in phase " + work.phase();
    }
    return words + ", runs " + runs;
  }

  @Override
  public String toString() {
    return "#" + number
        + (kind == TASK ? " (task)" : kind == PUT ? " (value)" : " (actor of kind " + kind + ")");
  }
}
