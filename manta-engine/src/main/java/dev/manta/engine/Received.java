package dev.manta.engine;

import dev.manta.engine.wire.WireException;
import dev.manta.engine.wire.WireReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Work that has come from another process, as {@link RemoteWork} writes it.
 *
 * @param inbound who has sent it
 * @param deadlineNs the time left; {@link Waits#FOREVER} without a deadline
 * @param source what it streams; null if it returns a value
 * @param demand how many elements its reader has room for
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
record Received(
    Inbound inbound,
    Body body,
    long deadlineNs,
    @Nullable Object @Nullable [] contexts,
    int attempt,
    Streams.@Nullable Source source,
    int demand,
    Parcel parcel) {
  private static final Body[] BODIES = Body.values();
  private static final Streams.Source[] SOURCES = Streams.Source.values();
  private static final int FLAGS =
      RemoteWork.HAS_DEADLINE | RemoteWork.HAS_CONTEXTS | RemoteWork.HAS_ATTEMPT;

  static Received read(Peer from, long id, WireReader in) {
    Inbound inbound = new Inbound(from, id);
    Body body = BODIES[in.readInt(BODIES.length - 1)];
    int flags = in.readByte();
    if ((flags & ~FLAGS) != 0) {
      throw new WireException("there are no flags " + flags);
    }
    long left =
        (flags & RemoteWork.HAS_DEADLINE) != 0
            ? in.readSigned(Long.MIN_VALUE / 2, Long.MAX_VALUE)
            : Waits.FOREVER;
    Object contexts = (flags & RemoteWork.HAS_CONTEXTS) != 0 ? WireValues.read(from, in) : null;
    int attempt = (flags & RemoteWork.HAS_ATTEMPT) != 0 ? in.readInt(Integer.MAX_VALUE) : 1;
    Streams.Source source =
        body == Body.INTERNAL ? SOURCES[in.readInt(SOURCES.length - 1)] : null;
    int demand = source == null ? 0 : in.readInt(Integer.MAX_VALUE);
    Parcel parcel = WireValues.readParcel(from, in, inbound);
    in.end();
    Decoded decoded = decode(from.engine, contexts, parcel);
    return new Received(
        inbound, body, left, decoded.contexts, attempt, source, demand, decoded.function);
  }

  /**
   * Contexts that have come, and the function that came with them.
   *
   * @param why why the contexts could not be decoded: then the function can't be either
   */
  record Decoded(
      @Nullable Object @Nullable [] contexts, Parcel function, @Nullable Throwable why) {}

  /** With the contexts decoded; where they can't be, the work fails as if what it captured could not. */
  static Decoded decode(Engine engine, @Nullable Object contexts, Parcel parcel) {
    if (contexts == null) {
      return new Decoded(null, parcel, null);
    }
    if (!(contexts instanceof Copied copied)) {
      throw new WireException("contexts are not encoded");
    }
    try {
      return new Decoded((@Nullable Object[]) copied.another(engine), parcel, null);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return new Decoded(
          null, new Parcel(parcel.code(), null, copied.encoded(), List.of()), e);
    }
  }

  /** What is run. */
  Object function(Engine engine, @Nullable Channel channel) {
    Streams.Source s = source;
    if (s == null || channel == null) {
      return parcel;
    }
    return new Producer(engine, parcel, s, channel);
  }

  /** What produces a stream. */
  record Producer(Engine engine, Parcel parcel, Streams.Source source, Channel channel)
      implements Body.Internal {
    /** Before anything of the user's runs, its contexts too. */
    void begins() {
      parcel.begins();
    }

    @Override
    public @Nullable Object run(@Nullable Object instance) throws Exception {
      return Streams.produce(
          parcel.functionOnce(engine), source, instance, new Production(engine, channel));
    }
  }

  /** Gives work of this process what came with it. */
  void applyTo(Work<?> work) {
    if (deadlineNs != Waits.FOREVER) {
      work.extras().hasDeadline = true;
      work.extras().deadlineNs = work.engine.host.nanoTime() + deadlineNs;
    }
    if (contexts != null) {
      work.extras().contexts = contexts;
    }
    if (attempt > 1) {
      work.extras().attempt = attempt;
    }
  }

  /** Has the peer told how the work, which is made and not submitted, goes on. */
  void report(Work<?> work, @Nullable Channel channel) {
    Peer from = inbound.peer;
    if (channel == null) {
      from.answerAtEnd(inbound, work);
    } else {
      Outflow out = new Outflow(from, inbound.id, channel, work);
      work.extras().outflow = out;
      from.flow(inbound.id, work, out);
    }
  }
}
