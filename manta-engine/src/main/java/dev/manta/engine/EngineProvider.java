package dev.manta.engine;

import dev.manta.ActorRef;
import dev.manta.GetInterruptedException;
import dev.manta.GetTimeoutException;
import dev.manta.Manta;
import dev.manta.spi.MantaProvider;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The static methods of {@link Manta}: what they mean in the code that calls them. */
public abstract class EngineProvider implements MantaProvider {
  /** For subclasses, which start engines. */
  protected EngineProvider() {}

  private static Runner inWork(String what) {
    Runner runner = Runner.current();
    if (runner == null || runner.work == null) {
      throw new IllegalStateException(
          what + " is for code that runs in a task or actor; here, use the Manta itself");
    }
    return runner;
  }

  private static TurnRunner inTurn(String what) {
    if (Runner.current() instanceof TurnRunner runner && runner.actor.hasTurns()) {
      return runner;
    }
    throw new IllegalStateException(
        what + " is for code that runs in a turn of an async or serial actor");
  }

  @Override
  public final Manta current() {
    return Objects.requireNonNull(inWork("Manta.current()").work).engine;
  }

  private static ActorCell actor(String what) {
    Runner runner = Runner.current();
    if (runner instanceof TurnRunner turn) {
      return turn.actor.cell;
    }
    if (runner != null
        && runner.work instanceof Call<?> call
        && call.target() != null) {
      return Objects.requireNonNull(call.target()).cell;
    }
    throw new IllegalStateException(what + " is for code that runs in an actor");
  }

  @Override
  public final <A> ActorRef<A> self() {
    return actor("Manta.self()").ownHandle();
  }

  @Override
  public final <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    StageWait<T> wait = StageWait.of(stage);
    if (wait == null) {
      return awaitOther(stage);
    }
    Waits.untilDone(wait);
    return wait.outcome();
  }

  @Override
  public final <T extends @Nullable Object> T await(CompletionStage<T> stage, Duration timeout) {
    long timeoutNs = Waits.nanos(timeout);
    StageWait<T> wait = StageWait.of(stage);
    if (wait == null) {
      return stage instanceof StageRef<T> ref ? ref.get(timeout) : awaitOutside(stage, timeoutNs);
    }
    Waits.untilDone(wait, timeoutNs);
    return wait.outcome();
  }

  private static <T extends @Nullable Object> T awaitOther(CompletionStage<T> stage) {
    return stage instanceof StageRef<T> ref ? ref.get() : awaitOutside(stage, Waits.FOREVER);
  }

  private static <T extends @Nullable Object> T awaitOutside(
      CompletionStage<T> stage, long timeoutNs) {
    try {
      return stage.toCompletableFuture().get(timeoutNs, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GetInterruptedException("the thread was interrupted while it waited");
    } catch (TimeoutException e) {
      throw new GetTimeoutException(
          "no result within " + Duration.ofNanos(timeoutNs) + "; the stage goes on");
    } catch (ExecutionException e) {
      throw StageWait.thrownAgain(Objects.requireNonNullElse(e.getCause(), e));
    }
  }

  @Override
  public final void sleep(Duration time) {
    long ns = Waits.nanos(time);
    Runner runner = Runner.current();
    Work<?> work = runner == null ? null : runner.work;
    if (work == null) {
      try {
        Thread.sleep(time);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new GetInterruptedException("the thread was interrupted in its sleep");
      }
    } else {
      var _ = Waits.within(new Ref<@Nullable Void>(work.engine), ns);
    }
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // the caller asks for just that
  public final void yield() {
    if (Runner.current() instanceof TurnRunner runner) {
      Waits.yieldTurn(runner);
    } else {
      Thread.yield();
    }
  }

  @Override
  public final <T extends @Nullable Object> T blocking(Callable<T> code) throws Exception {
    Runner runner = Runner.current();
    Work<?> work = runner == null ? null : runner.work;
    return work == null ? code.call() : Blocking.run(work, code);
  }

  @Override
  public final Executor turn() {
    return inTurn("Manta.turn()").place();
  }

  @Override
  public final <T extends @Nullable Object> CompletionStage<T> onTurn(CompletionStage<T> stage) {
    TurnRunner runner = inTurn("Manta.onTurn()");
    return Dependent.following(
        stage, runner.actor.cell.engine.context.carrying(runner.place()));
  }

  @Override
  public final boolean isCancelled() {
    Runner runner = Runner.current();
    Work<?> work = runner == null ? null : runner.work;
    return work != null && work.isCancelRequested();
  }

  @Override
  public final int attempt() {
    return Objects.requireNonNull(inWork("Manta.attempt()").work).attempt();
  }

  @Override
  public final Optional<Duration> remaining() {
    Runner runner = Runner.current();
    Work<?> work = runner == null ? null : runner.work;
    long left = work == null ? Waits.FOREVER : work.deadlineLeftNs();
    return left == Waits.FOREVER
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(Math.max(0, left)));
  }

  @Override
  public final RuntimeException exit() {
    var _ = actor("Manta.exit()");
    throw new ExitSignal();
  }
}
