package dev.manta.engine;

import dev.manta.ActorRef;
import dev.manta.Manta;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Makes arguments and results behave as copies: deeply immutable values are shared, refs and handles
 * become the receiver's own, all else goes through the codec.
 */
final class Copies implements Boundary {
  private final Engine engine;
  private final Codec codec;
  private final Boundary forAll = new ForAll();

  Copies(Engine engine, Codec codec) {
    this.engine = engine;
    this.codec = codec;
  }

  /** Encodes a value that stays in this process. */
  Encoded encode(@Nullable Object value) {
    return codec.encode(value, this);
  }

  /** Encodes a value that any process may come to read. */
  Encoded encodeForAll(@Nullable Object value) {
    return codec.encode(value, forAll);
  }

  @Nullable Object decode(Encoded encoded) {
    RuntimeException gone = Lending.whyGone(encoded);
    if (gone != null) {
      throw Failures.objectLost(gone);
    }
    return codec.decode(encoded, this);
  }

  /** An encoded value for another process. */
  Portable pack(Encoded encoded) {
    RuntimeException gone = Lending.whyGone(encoded);
    if (gone != null) {
      throw Failures.objectLost(gone);
    }
    return codec.pack(encoded);
  }

  /** An encoded value from another process. */
  Encoded unpack(Portable portable) {
    return codec.unpack(portable);
  }

  /** Takes the result of a call, in its turn: shared, or a {@link Copied}. */
  @Nullable Object take(Work<?> work, @Nullable Object result) {
    if (result == null || Immutables.isImmutable(result.getClass())) {
      return result;
    }
    if (result instanceof CompletionStage<?> && !work.body.returnsStage()) {
      throw new IllegalStateException(
          work
              + " returned a stage ("
              + result.getClass().getName()
              + ") from a method that should return a value: use callAsync, or submitAsync for"
              + " tasks");
    }
    if (result instanceof ActorRef<?> || result instanceof Manta) {
      return onDecode(result);
    }
    return copied(result, "the result of " + work);
  }

  /** A value as a ref holds it: shared, or a {@link Copied}. */
  @Nullable Object copied(@Nullable Object value, String what) {
    if (value == null || Immutables.isImmutable(value.getClass())) {
      return value;
    }
    if (value instanceof ActorRef<?> || value instanceof Manta) {
      return onDecode(value);
    }
    String refusal = refusal(value);
    if (refusal != null) {
      throw new IllegalArgumentException(what + " can't be copied: " + refusal);
    }
    try {
      return new Copied(encodeForAll(value));
    } catch (NotCopyableException e) {
      throw new IllegalArgumentException(what + " can't be copied: " + e.getMessage(), e);
    }
  }

  /** A copy of what code threw; a description of it where it can't be copied. */
  Throwable throwable(Throwable thrown) {
    try {
      Throwable copy = (Throwable) decode(encode(thrown));
      if (copy != null) {
        return copy;
      }
    } catch (Throwable e) {
      // described below
    }
    return new RemoteError(thrown, 0);
  }

  @Override
  public boolean isHandle(Object o) {
    return o instanceof StageRef<?> || o instanceof ActorRef<?> || o instanceof Manta;
  }

  /** The same boundary, and large bytes go where every process can read them. */
  private final class ForAll implements Boundary {
    @Override
    public boolean isHandle(Object object) {
      return Copies.this.isHandle(object);
    }

    @Override
    public @Nullable String refusal(Object object) {
      return Copies.this.refusal(object);
    }

    @Override
    public Object onDecode(Object handle) {
      return Copies.this.onDecode(handle);
    }

    @Override
    public @Nullable Block keep(MemorySegment bytes) {
      Peers peers = engine.peers();
      Lending lending = peers == null ? null : peers.lending();
      return lending == null ? null : lending.keep(bytes);
    }
  }

  /** Why a ref or handle may not be passed here; null if it may, or is neither. */
  @Nullable String foreign(@Nullable Object o) {
    Engine owner =
        o instanceof StageRef<?> ref
            ? ref.origin().engine
            : o instanceof ActorHandle<?> handle ? handle.cell.engine
            : o instanceof RemoteHandle<?> remote ? remote.cell.engine
            : engine;
    return owner == engine
        ? null
        : "that belongs to another Manta: get its value there and pass that, or use one Manta";
  }

  @Override
  public @Nullable String refusal(Object o) {
    String foreign = foreign(o);
    if (foreign != null) {
      return foreign;
    }
    if (engine.actors.isLiveActor(o)) {
      return "that is the live actor "
          + o.getClass().getSimpleName()
          + ": pass its ActorRef, as Manta.self() gives it";
    }
    return null;
  }

  @Override
  public Object onDecode(Object handle) {
    if (handle instanceof StageRef<?> ref) {
      return ref.origin().view();
    }
    if (handle instanceof ActorHandle<?> actor) {
      return actor.copy();
    }
    if (handle instanceof RemoteHandle<?> actor) {
      return actor.copy();
    }
    return handle instanceof Manta ? engine : handle;
  }

  /** Stands for an exception of another process whose class is not to be had here. */
  static Throwable described(String description, StackTraceElement[] stack) {
    return new RemoteError(description, stack);
  }

  /** Stands for an exception that can't be copied: its class, message, stack and causes. */
  private static final class RemoteError extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_DEPTH = 20;

    RemoteError(String description, StackTraceElement[] stack) {
      super(description, null, false, true);
      setStackTrace(stack);
    }

    RemoteError(Throwable original, int depth) {
      super(describe(original), cause(original, depth), false, true);
      setStackTrace(stack(original));
    }

    private static String describe(Throwable original) {
      String name = original.getClass().getName();
      try {
        String message = original.getMessage();
        return message == null ? name : name + ": " + message;
      } catch (Throwable e) {
        return name + " (its getMessage() threw " + e.getClass().getName() + ")";
      }
    }

    private static @Nullable Throwable cause(Throwable original, int depth) {
      try {
        Throwable cause = original.getCause();
        return cause == null || depth == MAX_DEPTH ? null : new RemoteError(cause, depth + 1);
      } catch (Throwable e) {
        return null;
      }
    }

    private static StackTraceElement[] stack(Throwable original) {
      try {
        return original.getStackTrace();
      } catch (Throwable e) {
        return new StackTraceElement[0];
      }
    }
  }
}
