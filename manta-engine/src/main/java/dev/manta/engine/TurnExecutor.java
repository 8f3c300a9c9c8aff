package dev.manta.engine;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Runs code in turns of an actor, on behalf of the call that asked for it. */
final class TurnExecutor implements Executor {
  private final Incarnation actor;
  private final @Nullable Work<?> work;

  TurnExecutor(Incarnation actor, @Nullable Work<?> work) {
    this.actor = actor;
    this.work = work;
  }

  @Override
  public void execute(Runnable code) {
    java.util.Objects.requireNonNull(code, "code");
    Engine engine = actor.cell.engine;
    Continuation continuation = new Continuation(engine.context.wrap(code), work);
    if (actor.isDead()) {
      engine.callbacks().execute(continuation.code);
    } else {
      actor.schedule(continuation);
      if (actor.isDead()) {
        continuation.runOffTurn(engine);
      }
    }
  }

  /** Code that runs in a turn. */
  static final class Continuation extends Item {
    private static final java.util.concurrent.atomic.AtomicIntegerFieldUpdater<Continuation> TAKEN =
        java.util.concurrent.atomic.AtomicIntegerFieldUpdater.newUpdater(
            Continuation.class, "taken");

    private final Runnable code;
    private final @Nullable Work<?> work;
    private volatile int taken;

    Continuation(Runnable code, @Nullable Work<?> work) {
      this.code = code;
      this.work = work;
    }

    @Override
    boolean runInTurn(Incarnation actor, TurnRunner runner) {
      if (TAKEN.compareAndSet(this, 0, 1)) {
        runner.work = work;
        runner.owns = false;
        try {
          code.run();
        } catch (Throwable e) {
          runner.host().report("code on the turn of " + actor.cell.label() + " threw", e);
        } finally {
          runner.work = null;
          runner.owns = true;
        }
      }
      return true;
    }

    /** The actor is dead and may never take another turn. */
    void runOffTurn(Engine engine) {
      if (TAKEN.compareAndSet(this, 0, 1)) {
        engine.callbacks().execute(code);
      }
    }
  }
}
