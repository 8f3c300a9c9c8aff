package dev.manta.engine;

import java.util.ArrayList;
import java.util.List;

/** An instance of an actor in one of many processes. */
final class Resident {
  /** One life of an actor. */
  static final class Life {
    final long actor;
    final long epoch;
    final SimProcess process;
    final Incarnation incarnation;

    Life(long actor, long epoch, SimProcess process, Incarnation incarnation) {
      this.actor = actor;
      this.epoch = epoch;
      this.process = process;
      this.incarnation = incarnation;
    }

    /** Whether nobody may take it for the living one. */
    boolean isOver() {
      return !process.alive || process.givenUp || incarnation.isDead();
    }

    @Override
    public String toString() {
      return "life " + epoch + " of actor " + ActorIds.words(actor) + " in " + process;
    }
  }

  final int kind;
  final Life life;

  /** Handles that it keeps from call to call. */
  final List<Object> stash = new ArrayList<>();

  private final Cluster cluster;
  private Object inside;

  Resident(Cluster cluster, int kind, Life life) {
    this.cluster = cluster;
    this.kind = kind;
    this.life = life;
  }

  /** Code runs here from now on. */
  @SuppressWarnings("ReferenceEquality") // the same code
  void enter(Object code) {
    if (inside != null && inside != code) {
      cluster.violated("two at once in " + life + ": " + inside + " and " + code);
    }
    Life last = cluster.lives.get(life.actor).getLast();
    if (last != life && last.process != life.process && !life.isOver()) {
      cluster.violated(code + " runs in " + life + ", and " + last + " has begun");
    }
    inside = code;
    Hooks.checkpoint();
  }

  /** The code is about to wait, or has ended. */
  @SuppressWarnings("ReferenceEquality") // the same code
  void leave(Object code) {
    if (inside != code) {
      cluster.violated(code + " was joined in " + life + " by " + inside);
    }
    inside = null;
  }
}
