package dev.manta.engine;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A thread that runs turns of one actor. It holds the turn while it runs, hands it over when its
 * call waits, and stands in the mailbox when its call may go on.
 */
final class TurnRunner extends Runner implements Runnable {
  final Incarnation actor;

  /** Runs the rest of its call without the turn: see {@link #goOnOffTurn}. */
  private volatile boolean offTurn;

  TurnRunner(Incarnation actor, Item first) {
    this.actor = actor;
    this.next = first; // until it runs: it is in no mailbox before
  }

  @Override
  Host host() {
    return actor.cell.engine.host;
  }

  /*
   * What is on the stack while a call waits is there for each suspended call, in code that is not
   * compiled yet too: hence few methods, which hold little and call what holds more.
   */

  /** Does items until there are none or the turn is another runner's. */
  @Override
  public void run() {
    Item item = begin();
    while (item != null) {
      boolean keepsTurn = true;
      try {
        keepsTurn = item.runInTurn(actor, this);
        if (work instanceof Call<?> call) {
          Execution.run(actor, call, this); // which has started
        }
      } catch (Throwable e) {
        work = null;
        actor.wentWrong(e);
      }
      item = keepsTurn && !offTurn ? actor.next(this) : null;
    }
  }

  /** The first item, with which it was made. */
  private @Nullable Item begin() {
    enter();
    Item item = next;
    next = null;
    actor.hold(this);
    return item;
  }

  @Override
  boolean spinFor(Ref<?> ref) {
    return ref.isDone() || actor.spinFor(ref);
  }

  @Override
  void giveUp() {
    if (!offTurn) {
      actor.passTurn(this);
    }
  }

  @Override
  void resume() {
    if (offTurn) {
      grant();
    } else {
      actor.schedule(this);
    }
  }

  @Override
  void regained() {
    if (!offTurn) {
      actor.holdAgain(this);
    }
  }

  /**
   * Lets the suspended call of a dead actor end its code though another has the turn and keeps it:
   * the one exception to "one at a time", since the other is blocked on a monitor that this one holds.
   */
  void goOnOffTurn() {
    offTurn = true;
    grant();
  }

  boolean isOffTurn() {
    return offTurn;
  }

  /** Hands this runner the turn. */
  void grant() {
    resumed = true;
    getReady();
  }

  /** Unparks its thread; without the turn it parks again. */
  void getReady() {
    Thread t = thread;
    if (t != null) {
      host().unpark(t);
    }
  }

  /** Its turn has come: the runner that found it steps back. */
  @Override
  boolean runInTurn(Incarnation actor, TurnRunner runner) {
    if (offTurn) {
      return true; // it has gone on without
    }
    grant();
    return false;
  }

  @Override
  Executor place() {
    return new TurnExecutor(actor, work);
  }
}
