package dev.manta.engine;

import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireWriter;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Large values in shared memory: what this process has put there is freed when its value is
 * unreachable here and every process that was sent it has let go of it. Its monitor is a leaf but for
 * that of the shared memory.
 */
final class Lending {
  /** A value in shared memory. Guarded by the lending. */
  static final class Lent {
    final long number;
    final byte[] token;
    private final Map<Integer, Integer> readers = new HashMap<>();
    private boolean unreachable;

    private Lent(long number, byte[] token) {
      this.number = number;
      this.token = token;
    }
  }

  private final SharedMemory memory;
  private final Host host;
  private final Map<Encoded, Lent> byValue = new WeakHashMap<>();
  private final ConcurrentHashMap<Long, Lent> byNumber = new ConcurrentHashMap<>();
  private long next;

  Lending(SharedMemory memory, Host host) {
    this.memory = memory;
    this.host = host;
  }

  // ---- the owner's side

  /** A value as it is sent to a process: it stays in memory until that lets go of it. */
  Lent lend(Encoded value, MemorySegment bytes, Peer to) {
    synchronized (this) {
      Lent known = byValue.get(value);
      if (known != null) {
        known.readers.merge(to.number, 1, Integer::sum);
        return known;
      }
    }
    byte[] token = memory.put(bytes); // takes as long as copying does: under no monitor
    Lent lent;
    synchronized (this) {
      lent = new Lent(next++, token);
      lent.readers.put(to.number, 1);
      byValue.put(value, lent);
      byNumber.put(lent.number, lent);
    }
    host.whenUnreachable(value, () -> unreachable(lent));
    return lent;
  }

  private void unreachable(Lent lent) {
    boolean free;
    synchronized (this) {
      lent.unreachable = true;
      free = lent.readers.isEmpty();
    }
    free(lent, free);
  }

  /** A process has let go of it. */
  void returned(Peer from, long number) {
    Lent lent = byNumber.get(number);
    if (lent != null) {
      boolean free;
      synchronized (this) {
        lent.readers.computeIfPresent(from.number, (p, n) -> n == 1 ? null : n - 1);
        free = lent.unreachable && lent.readers.isEmpty();
      }
      free(lent, free);
    }
  }

  private void free(Lent lent, boolean free) {
    if (free && byNumber.remove(lent.number) != null) {
      memory.free(lent.token);
    }
  }

  /** A process is gone, and with it what it held. */
  void lost(Peer gone) {
    for (Lent lent : byNumber.values()) {
      boolean free;
      synchronized (this) {
        lent.readers.remove(gone.number);
        free = lent.unreachable && lent.readers.isEmpty();
      }
      free(lent, free);
    }
  }

  // ---- the reader's side

  /** The bytes that a peer has lent, which learns when nothing here refers to them any more. */
  MemorySegment view(Peer owner, long number, byte[] token) {
    MemorySegment bytes = memory.view(token);
    host.whenUnreachable(
        bytes,
        () -> {
          WireWriter out = new WireWriter(Frames.RETURN);
          out.writeUnsigned(number);
          owner.send(out);
        });
    return bytes;
  }

  /** Stands for a value whose bytes are gone. */
  record Gone(RuntimeException why) implements Encoded {
    @Override
    public long size() {
      return 0;
    }
  }

  static @Nullable RuntimeException whyGone(Encoded encoded) {
    return encoded instanceof Gone gone ? gone.why : null;
  }
}
