package dev.manta.engine;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A wait for a stage that is no ref: complete when the stage is. It is a task's, or that of some calls of
 * one actor that wait for the same stage one after the other: there may be a million of them.
 */
final class StageWait<T extends @Nullable Object> extends Ref<T>
    implements BiConsumer<T, @Nullable Throwable> {
  /** So many calls share one: who gives up looks for its place among them. */
  private static final int MOST_CALLS = 64;

  private final CompletionStage<? extends T> stage;

  /** Of the actor whose calls share it; null where none do. */
  private final @Nullable Turn turn;

  private byte calls = 1;

  /* Who waits is known here and not by waiters, the first of them without another object: mostly there is
     one. */
  private @Nullable Runner runner;
  private volatile int token;
  private volatile @Nullable Sharers sharers;

  /** A wait that is not shared. */
  StageWait(Engine engine, CompletionStage<? extends T> stage) {
    this(engine, stage, null);
  }

  private StageWait(Engine engine, CompletionStage<? extends T> stage, @Nullable Turn turn) {
    super(engine);
    this.stage = stage;
    this.turn = turn;
    var _ = stage.whenComplete(this);
  }

  /** A wait of the current call or task for a stage; null for refs, and outside. */
  static <T extends @Nullable Object> @Nullable StageWait<T> of(CompletionStage<T> stage) {
    Runner runner = Runner.current();
    Work<?> work = runner == null ? null : runner.work;
    if (work == null || stage instanceof StageRef<?>) {
      return null;
    }
    return runner instanceof TurnRunner r && !r.isOffTurn()
        ? inTurn(r.actor, work.engine, stage)
        : new StageWait<>(work.engine, stage);
  }

  @SuppressWarnings({"unchecked", "ReferenceEquality"}) // the very stage
  private static <T extends @Nullable Object> StageWait<T> inTurn(
      Turn turn, Engine engine, CompletionStage<T> stage) {
    StageWait<?> last = turn.stageWait();
    if (last != null && last.stage == stage && last.calls < MOST_CALLS) {
      last.calls++;
      return (StageWait<T>) last;
    }
    StageWait<T> wait = new StageWait<>(engine, stage, turn);
    turn.share(wait);
    if (wait.isDone()) {
      turn.unshare(wait);
    }
    return wait;
  }

  /** The stage has completed. By any thread. */
  @Override
  public void accept(T value, @Nullable Throwable error) {
    complete(error == null ? value : new Thrown(error));
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the very runner
  boolean endsWait(Runner runner, int token) {
    Runner first = this.runner;
    if (first != null && first != runner) {
      Sharers others = sharers;
      if (others == null) {
        others = new Sharers();
        sharers = others;
      }
      others.add(runner, token);
    } else {
      this.runner = runner;
      this.token = token;
    }
    return !isDone(); // after that: the completion looks the other way round
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the very runner
  void forget(Runner runner, int token) {
    Sharers others = sharers;
    if (this.runner != runner && others != null) {
      others.remove(runner);
    }
  }

  @Override
  void onCompletion() {
    Turn t = turn;
    if (t != null) {
      t.unshare(this); // or an idle actor would keep what the stage gave
    }
    int its = token;
    Runner r = runner;
    if (r != null) {
      r.wake(its);
    }
    Sharers others = sharers;
    if (others != null) {
      others.wakeAll();
    }
  }

  /** What the complete stage gave, or throws what it failed with. */
  // null is a value of T where the stage gave it
  @SuppressWarnings({"unchecked", "NullAway"})
  T outcome() {
    Object outcome = raw();
    if (outcome instanceof Thrown thrown) {
      throw thrownAgain(thrown.error());
    }
    return (T) outcome;
  }

  /** What a waiting call throws for a stage that failed. */
  static RuntimeException thrownAgain(Throwable error) {
    Throwable e = java.util.Objects.requireNonNullElse(StageOutcome.unwrap(error), error);
    if (e instanceof Error serious) {
      throw serious;
    }
    return e instanceof RuntimeException r ? r : new CompletionException(e);
  }

  /** An error in the place of the value. */
  private record Thrown(Throwable error) {}
}
