package dev.manta.engine;

import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireReader;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Looks at the frames that pass: each question is answered once. */
final class Wiretap {
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(Frames.CODE, "CODE"), Map.entry(Frames.CALL, "CALL"),
          Map.entry(Frames.TASK, "TASK"), Map.entry(Frames.RESULT, "RESULT"),
          Map.entry(Frames.CANCEL, "CANCEL"), Map.entry(Frames.HOST, "HOST"),
          Map.entry(Frames.CREATE, "CREATE"), Map.entry(Frames.ACTOR_AT, "ACTOR_AT"),
          Map.entry(Frames.ACTOR_ENDED, "ACTOR_ENDED"), Map.entry(Frames.KILL, "KILL"),
          Map.entry(Frames.REF_DONE, "REF_DONE"), Map.entry(Frames.CANCEL_REF, "CANCEL_REF"),
          Map.entry(Frames.JOIN, "JOIN"), Map.entry(Frames.GONE, "GONE"),
          Map.entry(Frames.WAITING, "WAITING"), Map.entry(Frames.RELEASE, "RELEASE"),
          Map.entry(Frames.ASK, "ASK"), Map.entry(Frames.ANSWER, "ANSWER"),
          Map.entry(Frames.ELEMENTS, "ELEMENTS"), Map.entry(Frames.DEMAND, "DEMAND"),
          Map.entry(Frames.HOLD, "HOLD"), Map.entry(Frames.HOSTED, "HOSTED"),
          Map.entry(Frames.CLOSE, "CLOSE"), Map.entry(Frames.RETURN, "RETURN"),
          Map.entry(Frames.BUILT, "BUILT"), Map.entry(Frames.UNHELD, "UNHELD"),
          Map.entry(Frames.RETURNED, "RETURNED"), Map.entry(Frames.ROOM, "ROOM"),
          Map.entry(Frames.GRANT, "GRANT"), Map.entry(Frames.HELD, "HELD"));

  /** Something that is sent once and answered once. */
  private record Key(int asker, int other, String kind, long number) {}

  private final Cluster cluster;
  private final Set<Key> open = new HashSet<>();
  private final Set<Key> once = new HashSet<>();

  /** The epoch with which an actor was last given to a process. */
  private final Map<Long, Long> epochs = new HashMap<>();

  Wiretap(Cluster cluster) {
    this.cluster = cluster;
  }

  static String words(byte[] frame) {
    WireReader in = new WireReader(ByteBuffer.wrap(frame));
    int type = in.readByte();
    String name = NAMES.getOrDefault(type, "type " + type);
    return frame.length > 1 && type != Frames.JOIN ? name + " " + in.readUnsigned() : name;
  }

  void sent(SimProcess from, SimProcess to, byte[] frame) {
    WireReader in = new WireReader(ByteBuffer.wrap(frame));
    int type = in.readByte();
    switch (type) {
      case Frames.CALL, Frames.TASK -> asks(from, to, "work", in.readUnsigned());
      case Frames.ASK -> asks(from, to, "question", in.readUnsigned());
      case Frames.RESULT, Frames.RETURNED -> answers(from, to, "work", in.readUnsigned());
      case Frames.ANSWER -> answers(from, to, "question", in.readUnsigned());
      case Frames.REF_DONE -> {
        long number = in.readUnsigned();
        if (!once.add(new Key(from.number, to.number, "ref", number))) {
          cluster.violated(from + " tells " + to + " twice of the end of its ref " + number);
        }
      }
      case Frames.HOST -> hosts(in.readUnsigned(), in.readUnsigned());
      case Frames.CREATE, Frames.HOLD, Frames.HELD, Frames.BUILT, Frames.UNHELD, Frames.GRANT,
          Frames.ROOM,
          Frames.ELEMENTS, Frames.DEMAND ->
          cluster.sent(from, to);
      default -> {
      }
    }
  }

  private void asks(SimProcess from, SimProcess to, String kind, long number) {
    Key key = new Key(from.number, to.number, kind, number);
    open.add(key);
    if (!once.add(key)) {
      cluster.violated(from + " sends " + to + " the " + kind + " " + number + " twice");
    }
  }

  private void answers(SimProcess from, SimProcess to, String kind, long number) {
    if (!open.remove(new Key(to.number, from.number, kind, number))) {
      cluster.violated(
          from + " answers the " + kind + " " + number + " of " + to + ", which is not open");
    }
  }

  private void hosts(long actor, long epoch) {
    Long before = epochs.put(actor, epoch);
    if (before != null && before >= epoch) {
      cluster.violated("actor " + actor + " begins life " + epoch + " after life " + before);
    }
  }

  /** Whether an actor was ever given to a process. */
  boolean hasBegun(long actor) {
    return epochs.containsKey(actor);
  }

  /** Nobody waits for a process any more, nor it for anybody. */
  void lost(SimProcess gone) {
    open.removeIf(k -> k.asker == gone.number || k.other == gone.number);
  }

  /** Everything was answered. */
  void check() {
    open.removeIf(k -> isApart(k.asker, k.other));
    if (!open.isEmpty()) {
      cluster.violated("never answered: " + open);
    }
  }

  private boolean isApart(int a, int b) {
    return cluster.processes.get(a).givenUp || cluster.processes.get(b).givenUp;
  }
}
