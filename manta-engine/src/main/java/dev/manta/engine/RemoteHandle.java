package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.CallOptions;
import dev.manta.ObjectRef;
import dev.manta.ObjectStream;
import dev.manta.Reason;
import dev.manta.RemoteFunction;
import dev.manta.WhenFull;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A handle to an actor of another process: where calls are submitted. */
final class RemoteHandle<A> extends Handle<A> {
  final RemoteCell cell;
  private final RemoteLease lease;
  private final @Nullable Sequencer<RemoteCall<?>> sequencer;

  RemoteHandle(RemoteLease lease) {
    this(
        lease,
        CallOptions.DEFAULT,
        lease.cell.options.isOutOfOrder() ? null : new Sequencer<>(lease.cell::submit));
  }

  private RemoteHandle(
      RemoteLease lease, CallOptions options, @Nullable Sequencer<RemoteCall<?>> sequencer) {
    super(options);
    this.lease = lease;
    this.cell = lease.cell;
    this.sequencer = sequencer;
  }

  /** A handle for another holder, with an order of calls of its own. */
  RemoteHandle<A> copy() {
    RemoteHandle<A> copy = new RemoteHandle<>(lease);
    return options == CallOptions.DEFAULT ? copy : copy.withOptions(options);
  }

  @Override
  RemoteHandle<A> withOptions(CallOptions with) {
    return new RemoteHandle<>(lease, with, sequencer);
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
    RemoteCall<T> call = prepare(function, Body.CALL, WhenFull.WAIT);
    Work<?> parent = Runner.currentWork();
    if (cell.pending.tryEnter(call.size)) {
      return CompletableFuture.completedStage(route(call, parent));
    }
    Pending.Admission admission = new CallEntrance(call).standUntilDeadline(call, call.size);
    return admission.thenApply(
        entered -> {
          call.credit(admission.credit);
          return route(call, parent);
        });
  }

  @Override
  <T> ObjectStream<T> stream(Object function, Streams.Source source) {
    Inflow stream = new Inflow(cell.engine, source, cell.options.streamBuffer());
    RemoteCall<Object> call = prepare(function, Body.INTERNAL, null);
    call.stream = stream;
    return Streams.begin(cell.engine, stream.channel, enterAndRoute(call, null));
  }

  @Override
  <T extends @Nullable Object> RemoteCall<T> submit(
      Object function, Body body, @Nullable WhenFull asked) {
    return enterAndRoute(prepare(function, body, asked), asked);
  }

  private <T extends @Nullable Object> RemoteCall<T> prepare(
      Object function, Body body, @Nullable WhenFull asked) {
    Objects.requireNonNull(function, "function");
    StackProbe.ensureRoomWhileCold();
    Engine engine = cell.engine;
    engine.ensureOpen();
    Parcel parcel = Capture.pack(engine, function);
    ensureFits(parcel.size());
    int group = cell.groups.indexOf(options.group(), function);
    RemoteCall<T> call =
        new RemoteCall<>(
            this, function, parcel, body, group, policy(asked) == WhenFull.REFUSE);
    ActorOptions.Retries retries = retries(function, body);
    if (retries.times() > 0) {
      call.extras().mayRetry(retries, null);
    }
    call.inherit(Runner.currentWork(), options.deadline());
    return call;
  }

  private <T extends @Nullable Object> RemoteCall<T> enterAndRoute(
      RemoteCall<T> call, @Nullable WhenFull asked) {
    int size = call.size;
    if (!cell.pending.tryEnter(size)) {
      Throwable refusal;
      try {
        refusal = new CallEntrance(call).enter(call, size, policy(asked));
      } catch (Throwable e) {
        call.refused(e);
        throw e;
      }
      if (refusal != null) {
        return call.refused(refusal);
      }
    }
    return route(call, Runner.currentWork());
  }

  /** Where calls of this process enter what they may be of the actor's pending calls. */
  private final class CallEntrance extends Entrance {
    private final RemoteCall<?> call;

    CallEntrance(RemoteCall<?> call) {
      super(cell.engine, cell.pending, cell.label());
      this.call = call;
    }

    @Override
    Pending.Admission stand(int size) {
      Pending.Admission admission = super.stand(size);
      cell.awaitsRoom();
      return admission;
    }

    @Override
    void entered(Pending.Admission admission) {
      call.credit(admission.credit);
    }

    @Override
    void gaveUp(Pending.Admission admission) {
      super.gaveUp(admission);
      Peer by = admission.credit;
      if (by != null) {
        Grants.giveBack(by, cell.id, 1, admission.size);
      }
    }

    @Override
    @Nullable Throwable closed() {
      Death end = cell.end();
      return end == null ? null : Failures.died(call, end);
    }
  }

  private <T extends @Nullable Object> RemoteCall<T> route(
      RemoteCall<T> call, @Nullable Work<?> parent) {
    if (parent != null && !parent.addChild(call)) {
      var _ = call.stop(Reason.CANCELLED, true);
    }
    call.tell(Events.Kind.QUEUED);
    call.startDeadline();
    if (sequencer != null) {
      sequencer.submit(call, call.dependencies());
    } else if (call.dependencies().isEmpty()) {
      cell.submit(call);
    } else {
      Gate.hold(call, call.dependencies(), () -> cell.submit(call));
    }
    return call;
  }
}
