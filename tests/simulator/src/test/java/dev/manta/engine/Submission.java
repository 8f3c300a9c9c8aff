package dev.manta.engine;

import java.util.ArrayList;
import java.util.List;

/** One submission of an op, and all that was seen of it. */
final class Submission {
  /** One run of its code. */
  static final class Run {
    final int attempt;
    final long startedAt;
    boolean ended;
    Throwable thrown;
    final List<Submission> children;

    Run(int attempt, long startedAt, List<Submission> children) {
      this.attempt = attempt;
      this.startedAt = startedAt;
      this.children = children;
    }
  }

  final int number;
  final Op op;
  final Submission parent;
  final long submittedAt;

  /** Its place among the calls through the same handle. */
  Order order;
  int place;

  /** When its ref must be complete, by its own deadline or one above it. */
  long deadlineAt = Long.MAX_VALUE;

  Ref<Object> ref;

  /** The submission itself was refused. */
  Throwable refused;

  final List<Run> runs = new ArrayList<>();

  /** What its ref holds, seen first, and when. */
  Object outcome;
  long doneAt = -1;

  /** How often a waiter was told; -1 if there is none. */
  int told = -1;

  /** When a cancel that took effect had returned; -1 before. */
  long cancelledAt = -1;

  /** Somebody has looked at its outcome, or may have. */
  boolean lookedAt;

  Submission(int number, Op op, Submission parent, long submittedAt) {
    this.number = number;
    this.op = op;
    this.parent = parent;
    this.submittedAt = submittedAt;
  }

  /** The calls through one handle to one group. */
  static final class Order {
    private int places;
    private int lastStarted = -1;

    int next() {
      return places++;
    }

    /** Whether a start is in order. */
    boolean starts(int place) {
      boolean inOrder = place > lastStarted;
      lastStarted = Math.max(lastStarted, place);
      return inOrder;
    }
  }

  boolean isOpen() {
    return ref != null && doneAt < 0;
  }

  /** Whether its ref is complete; before there is one, the client that submits it may not wait. */
  boolean hasMetDeadline() {
    return ref == null
        ? parent != null || refused != null || op.mode() == Op.Mode.OFFER
        : doneAt >= 0;
  }

  boolean hasRun() {
    return !runs.isEmpty();
  }

  /** Where its last attempt stands in the engine, for messages. */
  String whereabouts() {
    Work<?> work = (Work<?>) ref;
    while (work.successor() != null) {
      work = work.successor();
    }
    String words = this + " attempt " + work.attempt() + " in phase " + work.phase();
    if (work instanceof Call<?> call) {
      words += call.list == null ? ", in no list" : ", in a list";
      words += call.target() == null ? "" : ", pending";
    }
    return words;
  }

  @Override
  public String toString() {
    return "#" + number + (op.isTask() ? " (task)" : " (actor " + op.actor() + ")");
  }
}
