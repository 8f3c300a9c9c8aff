package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.CallOptions;
import dev.manta.ObjectRef;
import dev.manta.ObjectStream;
import dev.manta.Reason;
import dev.manta.RemoteFunction;
import dev.manta.WhenFull;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A handle to an actor: where calls are submitted. */
final class ActorHandle<A> extends Handle<A> {
  final ActorCell cell;

  /** Keeps the actor alive; null in the handle that an actor has of itself. */
  private final @Nullable Lease lease;

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
    super(options);
    this.cell = cell;
    this.lease = lease;
    this.sequencer = sequencer;
  }

  /** A handle for another holder, with an order of calls of its own. */
  ActorHandle<A> copy() {
    ActorHandle<A> copy = cell.newHandle();
    return options == CallOptions.DEFAULT ? copy : copy.withOptions(options);
  }

  @Override
  ActorHandle<A> withOptions(CallOptions with) {
    return new ActorHandle<>(cell, lease, with, sequencer);
  }

  @Override
  ActorOptions actorOptions() {
    return cell.options;
  }

  @Override
  Groups groups() {
    return cell.groups;
  }

  @Override
  Pending pending() {
    return cell.pending;
  }

  @Override
  String label() {
    return cell.label();
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
    ensureFits(c.size());
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
    ActorOptions.Retries retries = retries(original, body);
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

  @Override
  <T extends @Nullable Object> Call<T> submit(
      Object function, Body body, @Nullable WhenFull asked) {
    Submission<T> s = prepare(function, body);
    return enterAndRoute(s, asked);
  }

  @Override
  <T> ObjectStream<T> stream(Object function, Streams.Source source) {
    return Streams.ofActor(this, function, source);
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
}
