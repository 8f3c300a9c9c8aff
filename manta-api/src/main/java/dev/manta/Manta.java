package dev.manta;

import dev.manta.spi.Providers;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Remote tasks, and actors whose calls run concurrently on one event loop.
 *
 * <pre>{@code
 * try (Manta manta = Manta.start()) {
 *   ObjectRef<Long> primes = manta.submit(() -> countPrimes(10_000_000));
 *   ActorRef<Counter> counter = manta.actor(Counter::new);
 *   ObjectRef<Integer> five = counter.call(c -> c.add(5));
 *   five.thenAccept(System.out::println);
 *   System.out.println(primes.get());
 * }
 * }</pre>
 *
 * <p>A Manta may be used by any thread. Its methods throw {@link NullPointerException} where null is
 * given, {@link IllegalStateException} after {@link #close}, and {@link IllegalArgumentException}
 * for a lambda that captures what can't be copied.
 *
 * <p>Implemented by Manta alone.
 */
public interface Manta extends AutoCloseable {
  /** A Manta in this JVM with all its cores. Nothing to install, nothing listens. */
  static Manta start() {
    return start(LocalOptions.local());
  }

  /** A Manta on this machine. */
  static Manta start(LocalOptions options) {
    return Providers.provider().start(Objects.requireNonNull(options, "options"));
  }

  /** Submits a task: it runs as soon as a CPU is free and the refs that it captures are complete. */
  default <T extends @Nullable Object> ObjectRef<T> submit(RemoteSupplier<? extends T> task) {
    return submit(TaskOptions.DEFAULT, task);
  }

  /**
   * Submits a task.
   *
   * @throws IllegalArgumentException also if the task asks for more than there is: it could never
   *     run
   */
  <T extends @Nullable Object> ObjectRef<T> submit(
      TaskOptions options, RemoteSupplier<? extends T> task);

  /** Submits a task that returns nothing. */
  default ObjectRef<@Nullable Void> run(RemoteRunnable task) {
    return run(TaskOptions.DEFAULT, task);
  }

  /** Submits a task that returns nothing. */
  ObjectRef<@Nullable Void> run(TaskOptions options, RemoteRunnable task);

  /** Submits a task that returns a stage; the ref completes as that stage does. */
  default <T extends @Nullable Object> ObjectRef<T> submitAsync(
      RemoteSupplier<? extends CompletionStage<? extends T>> task) {
    return submitAsync(TaskOptions.DEFAULT, task);
  }

  /** Submits a task that returns a stage; the ref completes as that stage does. */
  <T extends @Nullable Object> ObjectRef<T> submitAsync(
      TaskOptions options, RemoteSupplier<? extends CompletionStage<? extends T>> task);

  /** Streams the elements of the {@link Stream} that the task returns, which is closed after. */
  <T> ObjectStream<T> stream(RemoteSupplier<? extends Stream<? extends T>> task);

  /** Streams what the task emits. */
  <T> ObjectStream<T> stream(TaskProducer<T> task);

  /** Streams the elements of the iterator that the task returns. */
  <T> ObjectStream<T> streamIterator(RemoteSupplier<? extends Iterator<? extends T>> task);

  /** Streams what the publisher that the task returns publishes, with the consumer's demand. */
  <T> ObjectStream<T> streamPublisher(
      RemoteSupplier<? extends Flow.Publisher<? extends T>> task);

  /** Creates an async actor. Returns at once; a constructor that throws fails its calls. */
  default <A> ActorRef<A> actor(RemoteSupplier<? extends A> constructor) {
    return actor(ActorOptions.async(), constructor);
  }

  /**
   * Creates an actor. Returns at once; a constructor that throws fails its calls.
   *
   * @throws IllegalArgumentException also if the name is taken, or if it asks for more resources
   *     than there are
   */
  <A> ActorRef<A> actor(ActorOptions options, RemoteSupplier<? extends A> constructor);

  /**
   * The live actor of the options' name, or a new one where there is none. Of many callers at once
   * one creates it.
   */
  <A> ActorRef<A> getOrCreate(ActorOptions options, RemoteSupplier<? extends A> constructor);

  /**
   * A handle to the live actor of that name.
   *
   * @throws IllegalArgumentException if its class is another one
   */
  <A> Optional<ActorRef<A>> find(String name, Class<A> type);

  /**
   * Ends an actor at once, whatever it does, without a restart: calls that had started fail with
   * {@link OutcomeUnknownException}, queued ones with {@link NotExecutedException}. Does nothing to a
   * dead one.
   */
  void kill(ActorRef<?> actor);

  /** As {@link #kill}, and the actor is built anew while it has restarts left. */
  void killAndRestart(ActorRef<?> actor);

  /** A complete ref to a copy of {@code value}, for passing it to many calls. */
  <T extends @Nullable Object> ObjectRef<T> put(T value);

  /**
   * The values of all refs, in their order; an error is thrown as soon as one of them has failed.
   *
   * @throws MantaException the first failure
   */
  <T extends @Nullable Object> List<T> getAll(Collection<? extends ObjectRef<T>> refs);

  /**
   * Waits until {@code count} of the refs are complete, or {@code timeout} is over. No refs: returns
   * at once. An await point inside actors.
   *
   * @throws IllegalArgumentException if {@code count} is less than 1 or more than there are refs
   *     (0 is right for no refs), {@code timeout} is negative, or a ref is there twice
   */
  <T extends @Nullable Object> Ready<T> wait(
      Collection<? extends ObjectRef<T>> refs, int count, Duration timeout);

  /**
   * The refs in the order in which they complete, as a sequential stream that waits as {@link
   * ObjectRef#get()} does.
   */
  <T extends @Nullable Object> Stream<ObjectRef<T>> asCompleted(
      Collection<? extends ObjectRef<T>> refs);

  /**
   * The number of the process whose code calls this: 0 is the one that started the Manta, worker
   * processes count from 1 in the order of their starts, and no number is used again. It stands before
   * what a worker prints.
   */
  int process();

  /** What is offered, free, running and waiting. */
  MantaStats stats();

  /** {@link #close(Duration)} with 10 seconds. */
  @Override
  default void close() {
    close(Duration.ofSeconds(10));
  }

  /**
   * Takes no more calls, lets pending ones end for at most {@code drain}, and cancels what is left:
   * after it returns every ref is complete. Closing twice does nothing.
   */
  void close(Duration drain);

  /**
   * The Manta of the task or actor whose code calls this.
   *
   * @throws IllegalStateException outside tasks and actors
   */
  static Manta current() {
    return Providers.provider().current();
  }

  /**
   * A handle to the actor whose code calls this. It does not keep the actor alive while the actor
   * holds it itself.
   *
   * @throws IllegalStateException outside actors
   */
  static <A> ActorRef<A> self() {
    return Providers.provider().self();
  }

  /**
   * Waits for any stage and returns its value. An await point: other calls of the actor run
   * meanwhile; a task gives its CPU back meanwhile; elsewhere the thread parks.
   *
   * <p>A failed stage: an unchecked exception or error is thrown as it is, a checked one as the
   * cause of a {@link java.util.concurrent.CompletionException}.
   *
   * @throws GetInterruptedException if the thread is interrupted
   * @throws EndlessWaitException if this wait could never end
   * @throws java.util.concurrent.CancellationException inside a call that is cancelled
   */
  static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    return Providers.provider().await(Objects.requireNonNull(stage, "stage"));
  }

  /**
   * As {@link #await(CompletionStage)}, for at most {@code timeout}.
   *
   * @throws GetTimeoutException if the time is up; the stage goes on
   */
  static <T extends @Nullable Object> T await(CompletionStage<T> stage, Duration timeout) {
    return Providers.provider()
        .await(
            Objects.requireNonNull(stage, "stage"), Objects.requireNonNull(timeout, "timeout"));
  }

  /** Waits for a time. An await point, as {@link #await}. */
  static void sleep(Duration time) {
    Providers.provider().sleep(Objects.requireNonNull(time, "time"));
  }

  /** Lets the calls that wait for the actor's turn go first. An await point. */
  static void yield() {
    Providers.provider().yield();
  }

  /**
   * Runs blocking code on a virtual thread off the turn and waits for its result: an await point.
   * The code runs where it is, nothing is copied; it must not touch the actor's state. Cancelling
   * the call interrupts it.
   *
   * @throws Exception what the code throws
   */
  static <T extends @Nullable Object> T blocking(Callable<T> code) throws Exception {
    return Providers.provider().blocking(Objects.requireNonNull(code, "code"));
  }

  /**
   * Runs code in turns of the actor whose code calls this.
   *
   * @throws IllegalStateException outside async and serial actors
   */
  static Executor turn() {
    return Providers.provider().turn();
  }

  /**
   * The same stage, with dependents that run in turns of the actor whose code calls this.
   *
   * @throws IllegalStateException outside async and serial actors
   */
  static <T extends @Nullable Object> CompletionStage<T> onTurn(CompletionStage<T> stage) {
    return Providers.provider().onTurn(Objects.requireNonNull(stage, "stage"));
  }

  /** Whether the running call or task was cancelled or is past its deadline; false elsewhere. */
  static boolean isCancelled() {
    return Providers.provider().isCancelled();
  }

  /**
   * Which attempt of the call or task this is, from 1.
   *
   * @throws IllegalStateException outside tasks and actors
   */
  static int attempt() {
    return Providers.provider().attempt();
  }

  /** The time left to the deadline of the running call or task, if it has one. */
  static Optional<Duration> remaining() {
    return Providers.provider().remaining();
  }

  /**
   * Ends the actor whose code calls this, gracefully: no restart. Never returns; written {@code
   * throw Manta.exit()}, so that the compiler sees it.
   *
   * @throws IllegalStateException outside actors
   */
  static RuntimeException exit() {
    return Providers.provider().exit();
  }
}
