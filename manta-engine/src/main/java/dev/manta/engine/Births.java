package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.Reason;
import dev.manta.engine.wire.WireException;
import dev.manta.engine.wire.WireReader;
import org.jspecify.annotations.Nullable;

/** The actors that workers have created, as the driver reads of them. */
final class Births {
  private Births() {}

  /** Finds a place for an actor that was read. */
  interface Begin {
    /** Returns whether it was taken in. */
    boolean begin(Directory in, DirectoryEntry entry, Needs needs);
  }

  /** A worker has created an actor; false if its name is taken. What can't be built is dead at once. */
  static boolean read(Directory directory, Peer from, WireReader in, Begin begin) {
    Engine engine = from.engine;
    long id = in.readUnsigned();
    ActorOptions options = WireOptions.read(in, engine.loader());
    Object contexts = in.readFlag() ? WireValues.read(from, in) : null;
    Parcel parcel = WireValues.readParcel(from, in);
    in.end();
    if (ActorIds.creator(id) != from.number || directory.isKnown(id)) {
      throw new WireException("an actor is created by the number " + id);
    }
    Received.Decoded decoded = Received.decode(engine, contexts, parcel);
    DirectoryEntry entry =
        new DirectoryEntry(id, options, decoded.function(), decoded.contexts());
    Throwable why = decoded.why() == null ? whyGone(parcel) : decoded.why();
    Needs needs = Needs.NOTHING;
    if (why == null) {
      try {
        directory.ensureRoom();
        needs = engine.placement.needs(options.cpus(), options.resources(), false);
      } catch (IllegalArgumentException | IllegalStateException e) {
        why = e;
      }
    }
    if (why == null) {
      return begin.begin(directory, entry, needs);
    }
    if (directory.add(entry) != null) {
      return false;
    }
    directory.ended(
        id,
        new Death(
            Reason.CODE_MISSING, "could not be constructed: " + Failures.describe(why), why, true));
    return true;
  }

  private static @Nullable Throwable whyGone(Parcel parcel) {
    Encoded captured = parcel.encoded();
    return captured == null ? null : Lending.whyGone(captured);
  }
}
