package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.ObjectRef;
import dev.manta.ObjectStream;
import dev.manta.Reason;
import dev.manta.RemoteConsumer;
import dev.manta.RemoteFunction;
import dev.manta.RemoteProducer;
import dev.manta.WhenFull;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A handle to an actor: where calls are submitted. */
final class ActorHandle<A> implements ActorRef<A> {
  private static final ActorOptions.Retries NO_RETRIES = new ActorOptions.Retries(0, List.of());

  final ActorCell cell;

  /** Keeps the actor alive; null in the handle that an actor has of itself. */
  private final @Nullable Lease lease;

  private final CallOptions options;
  private final @Nullable Sequencer<Call<?>> sequencer;

  ActorHandle(ActorCell cell, @Nullable Lease lease, CallOptions options) {
    this(cell, lease, options,
        cell.options.isOutOfOrder() ? null : new Sequencer<>(cell::submit));
  }

  private ActorHandle(
      ActorCell cell,
      @Nullable Lease lease,
      CallOptions options,
      @Nullable Sequencer<Call<?>> sequencer) {
    this.cell = cell;
    this.lease = lease;
    this.options = options;
    this.sequencer = sequencer;
  }

  /** A handle for another holder, with an order of calls of its own. */
  ActorHandle<A> copy() {
    ActorHandle<A> copy = cell.newHandle();
    return options == CallOptions.DEFAULT ? copy : copy.withOptions(options);
  }

  private ActorHandle<A> withOptions(CallOptions with) {
    return new ActorHandle<>(cell, lease, with, sequencer);
  }

  @Override
  public ActorRef<A> with(CallOptions with) {
    Objects.requireNonNull(with, "options");
    if (with.group() != null) {
      var _ = cell.groups.indexOf(with.group(), with);
    }
    return withOptions(with);
  }

  @Override
  public <T extends @Nullable Object> ObjectRef<T> call(
      RemoteFunction<? super A, ? extends T> function) {
    return submit(function, Body.CALL, null);
  }

  @Override
  public ObjectRef<@Nullable Void> run(RemoteConsumer<? super A> function) {
    return submit(function, Body.RUN, null);
  }

  @Override
  public <T extends @Nullable Object> ObjectRef<T> callAsync(
      RemoteFunction<? super A, ? extends CompletionStage<? extends T>> function) {
    return submit(function, Body.CALL_ASYNC, null);
  }

  @Override
  public <T extends @Nullable Object> ObjectRef<T> callWhenRoom(
      RemoteFunction<? super A, ? extends T> function) {
    return submit(function, Body.CALL, WhenFull.WAIT);
  }

  @Override
  public <T extends @Nullable Object> CompletionStage<ObjectRef<T>> offer(
      RemoteFunction<? super A, ? extends T> function) {
    Submission<T> s = prepare(function, Body.CALL);
    Call<T> call = s.call;
    if (cell.pending.tryEnter(call.size)) {
      return CompletableFuture.completedStage(route(s));
    }
    Pending.Admission admission = new CallEntrance(call).standUntilDeadline(call, call.size);
    return admission.thenApply(entered -> route(s));
  }

  @Override
  public <T> ObjectStream<T> stream(
      RemoteFunction<? super A, ? extends Stream<? extends T>> function) {
    return Streams.ofActor(this, function, Streams.Source.STREAM);
  }

  @Override
  public <T> ObjectStream<T> stream(RemoteProducer<? super A, T> producer) {
    return Streams.ofActor(this, producer, Streams.Source.PRODUCER);
  }

  @Override
  public <T> ObjectStream<T> streamIterator(
      RemoteFunction<? super A, ? extends Iterator<? extends T>> function) {
    return Streams.ofActor(this, function, Streams.Source.ITERATOR);
  }

  @Override
  public <T> ObjectStream<T> streamPublisher(
      RemoteFunction<? super A, ? extends Flow.Publisher<? extends T>> function) {
    return Streams.ofActor(this, function, Streams.Source.PUBLISHER);
  }

  /** A call that is made and has not entered. */
  private record Submission<T extends @Nullable Object>(
      Call<T> call, List<Ref<?>> dependencies, @Nullable Work<?> parent) {}

  private <T extends @Nullable Object> Submission<T> prepare(Object function, Body body) {
    Objects.requireNonNull(function, "function");
    StackProbe.ensureRoomWhileCold();
    if (cell.engine.losses.head != null) {
      cell.engine.losses.takeBack();
    }
    Engine engine = cell.engine;
    engine.ensureOpen();
    if (Capture.isShared(function)) {
      return prepare(function, function, List.of(), 0, null, body);
    }
    Capture.Captured c = Capture.take(engine, function);
    ensureFits(c.size(), cell.pending, cell.label());
    return prepare(function, c.function(), c.dependencies(), c.size(), c, body);
  }

  private <T extends @Nullable Object> Submission<T> prepare(
      Object original,
      Object function,
      List<Ref<?>> dependencies,
      int size,
      Capture.@Nullable Captured captured,
      Body body) {
    int group = cell.groups.indexOf(options.group(), original);
    ActorHandle<?> target = lease == null ? cell.newHandle() : this;
    Call<T> call = new Call<>(target, function, body, group, size);
    ActorOptions.Retries retries = retries(cell.options, options, original, body);
    if (retries.times() > 0) {
      call.extras()
          .mayRetry(
              retries,
              captured != null
                  ? captured
                  : new Capture.Captured(original, function, List.of(), 0, null));
    }
    Runner runner = Runner.current();
    Work<?> parent = runner == null ? null : runner.work;
    call.inherit(parent, options.deadline());
    return new Submission<>(call, dependencies, parent);
  }

  /** Refuses arguments for which there would never be room. */
  static void ensureFits(int size, Pending pending, String label) {
    if (size > pending.maxBytes()) {
      throw new IllegalArgumentException(
          "the arguments have "
              + size
              + " bytes and "
              + label
              + " takes "
              + pending.maxBytes()
              + " over all pending calls: put() them and pass the ref, or raise maxPendingBytes");
    }
  }

  /**
   * How often a call is run again: its own setting, or its method's, or the actor's. A stream is not:
   * its reader would have the first elements twice.
   */
  static ActorOptions.Retries retries(
      ActorOptions actor, CallOptions call, Object function, Body body) {
    if (body == Body.INTERNAL) {
      return NO_RETRIES;
    }
    if (call.retries() >= 0) {
      return call.retries() == 0
          ? NO_RETRIES
          : new ActorOptions.Retries(call.retries(), call.retryOn());
    }
    Map<String, ActorOptions.Retries> all = actor.methodRetries();
    String method = all.isEmpty() ? null : FunctionShape.of(function).calledMethod(function);
    ActorOptions.Retries own = method == null ? null : all.get(method);
    return own != null
        ? own
        : actor.retries() == 0
            ? NO_RETRIES
        : new ActorOptions.Retries(actor.retries(), actor.retryOn());
  }

  private <T extends @Nullable Object> Call<T> submit(
      Object function, Body body, @Nullable WhenFull asked) {
    Submission<T> s = prepare(function, body);
    return enterAndRoute(s, asked);
  }

  /** Submits code of the engine's own in place of a function. */
  <T extends @Nullable Object> Call<T> submitInternal(
      Object original, java.util.function.Function<Object, Body.Internal> code) {
    Objects.requireNonNull(original, "function");
    Engine engine = cell.engine;
    engine.ensureOpen();
    Capture.Captured c = Capture.take(engine, original);
    Submission<T> s =
        prepare(original, code.apply(c.function()), c.dependencies(), c.size(), null,
            Body.INTERNAL);
    return enterAndRoute(s, null);
  }

  private <T extends @Nullable Object> Call<T> enterAndRoute(
      Submission<T> s, @Nullable WhenFull asked) {
    boolean entered = false;
    try {
      entered = cell.pending.tryEnter(s.call.size);
      if (!entered) {
        Call<T> refused = enter(s, asked);
        if (refused != null) {
          return refused;
        }
        entered = true;
      }
      return route(s);
    } catch (Throwable e) {
      if (entered) {
        Losses losses = cell.engine.losses;
        synchronized (losses) {
          s.call.nextLost = losses.head;
          losses.head = s.call;
        }
      }
      throw e;
    }
  }

  /**
   * Waits for room where that is right.
   *
   * @return the refused call; null if it has entered
   */
  private <T extends @Nullable Object> @Nullable Call<T> enter(
      Submission<T> s, @Nullable WhenFull asked) {
    Call<T> call = s.call;
    Throwable refusal;
    try {
      refusal = new CallEntrance(call).enter(call, call.size, policy(asked));
    } catch (Throwable e) {
      call.refused(e);
      throw e;
    }
    return refusal == null ? null : call.refused(refusal);
  }

  private WhenFull policy(@Nullable WhenFull asked) {
    if (asked != null) {
      return asked;
    }
    WhenFull own = options.whenFull();
    return Entrance.policy(own == null ? cell.options.whenFull() : own);
  }

  /** The entrance to this actor. */
  private final class CallEntrance extends Entrance {
    private final Call<?> call;

    CallEntrance(Call<?> call) {
      super(cell.engine, cell.pending, cell.label());
      this.call = call;
    }

    @Override
    @Nullable Throwable closed() {
      Death end = cell.end();
      return end == null ? null : Failures.died(call, end);
    }
  }

  /** Has an entered call started when it may. */
  private <T extends @Nullable Object> Call<T> route(Submission<T> s) {
    Call<T> call = s.call;
    Work<?> parent = s.parent;
    if (parent != null && !parent.addChild(call)) {
      var _ = call.stop(Reason.CANCELLED, true);
    }
    call.tell(Events.Kind.QUEUED);
    call.startDeadline();
    if (sequencer != null) {
      sequencer.submit(call, s.dependencies);
    } else if (s.dependencies.isEmpty()) {
      if (parent == null && call.extrasOrNull() == null) {
        call.queueUnseen();
        cell.submitQueued(call);
      } else {
        cell.submit(call);
      }
    } else {
      cell.submitWhenReady(call, s.dependencies);
    }
    return call;
  }

  @Override
  public String toString() {
    return "ActorRef(" + cell.label() + ")";
  }
}
