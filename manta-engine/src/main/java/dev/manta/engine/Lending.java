package dev.manta.engine;

import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireWriter;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Large values in shared memory: what this process has put there is freed when nobody uses it here and
 * every process that was sent it has let go of it. Its monitor is a leaf.
 */
final class Lending {
  /** Holders are asked to collect when nothing but their views keeps so much from being used again. */
  static final long ASK_BYTES = 128L << 20;

  /** Not more often than that. */
  private static final long ASK_PAUSE_NS = 100_000_000;

  /** Bytes in shared memory, and who uses them. Guarded by the lending. */
  static final class Lent {
    final long number;
    final byte[] token;
    final long size;
    private final Map<Integer, Integer> readers = new HashMap<>();

    /** In this process: by its {@link Own}, for a view, and while they are read. */
    private int uses = 1;

    private boolean released;

    /** A process that was sent it is taken for lost. */
    private boolean isStray;

    private Lent(long number, byte[] token, long size) {
      this.number = number;
      this.token = token;
      this.size = size;
    }
  }

  private final SharedMemory memory;
  private final Host host;
  private final Peers peers;
  private final Map<Block, Own> copies = new WeakHashMap<>();
  private final ConcurrentHashMap<Long, Lent> byNumber = new ConcurrentHashMap<>();
  private long next;

  /** The bytes that only readers in other processes keep. */
  private long awaited;

  private long askAt = ASK_BYTES;
  private boolean hasAsked;
  private long askedNs;

  Lending(SharedMemory memory, Peers peers) {
    this.memory = memory;
    this.peers = peers;
    this.host = peers.engine.host;
    memory.onPressure(this::askAll);
  }

  // ---- the owner's side

  /** What this process has put; it is freed some time after this is unreachable. */
  private final class Own implements Block {
    private final Lent lent;
    private @Nullable MemorySegment view;

    Own(Lent lent) {
      this.lent = lent;
    }

    @Override
    public long size() {
      return lent.size;
    }

    boolean isOf(Lending lending) {
      return Lending.this == lending;
    }

    @Override
    public <T extends @Nullable Object> T read(Function<MemorySegment, T> reader) {
      use(lent);
      try {
        return memory.read(lent.token, reader);
      } finally {
        unuse(lent);
      }
    }

    @Override
    public synchronized MemorySegment view() {
      MemorySegment known = view;
      if (known == null) {
        use(lent);
        try {
          known = memory.view(lent.token, () -> unuse(lent));
        } catch (Throwable e) {
          unuse(lent);
          throw e;
        }
        view = known;
      }
      return known;
    }

    @Override
    public void release() {
      Lending.this.release(lent);
    }
  }

  /** Copies bytes into shared memory. */
  Block keep(MemorySegment bytes) {
    byte[] token = memory.put(bytes); // takes as long as copying does: under no monitor
    Lent lent;
    synchronized (this) {
      lent = new Lent(next++, token, bytes.byteSize());
      byNumber.put(lent.number, lent);
    }
    Own own = new Own(lent);
    host.whenUnreachable(own, () -> release(lent));
    return own;
  }

  /** Bytes as they are sent to a process: they stay in memory until that lets go of them. */
  Lent lend(Block block, Peer to) {
    Lent lent = own(block).lent;
    synchronized (this) {
      if (lent.released) {
        throw released();
      }
      lent.readers.merge(to.number, 1, Integer::sum);
    }
    if (to.isLost()) { // its loss may have been seen to before it was a reader
      lost(to);
    }
    return lent;
  }

  private static IllegalStateException released() {
    return new IllegalStateException("the value was released: send or read it before that");
  }

  /** What others have lent, and what is on the heap, is copied once, however often it is sent. */
  private Own own(Block block) {
    if (block instanceof Own own && own.isOf(this)) {
      return own;
    }
    synchronized (this) {
      Own known = copies.get(block);
      if (known != null) {
        return known;
      }
    }
    Own copy = (Own) block.<Block>read(this::keep);
    synchronized (this) {
      Own known = copies.putIfAbsent(block, copy);
      if (known != null) {
        return known; // the other copy goes with the collector
      }
    }
    Lent lent = copy.lent;
    host.whenUnreachable(block, () -> release(lent));
    return copy;
  }

  private synchronized void use(Lent lent) {
    if (lent.released) {
      throw released();
    }
    lent.uses++;
  }

  private void unuse(Lent lent) {
    change(lent, () -> lent.uses--);
  }

  private void release(Lent lent) {
    change(lent, () -> {
      if (!lent.released) {
        lent.released = true;
        lent.uses--;
      }
    });
  }

  /** A process has let go of it. */
  void returned(Peer from, long number) {
    Lent lent = byNumber.get(number);
    if (lent != null) {
      change(lent,
          () -> lent.readers.computeIfPresent(from.number, (p, n) -> n == 1 ? null : n - 1));
    }
  }

  /** Whether nobody reads what this process has put there. */
  synchronized boolean isIdle() {
    return byNumber.values().stream().allMatch(lent -> lent.readers.isEmpty());
  }

  /** A process is gone, and with it what it held. */
  void lost(Peer gone) {
    for (Lent lent : byNumber.values()) {
      change(lent, () -> lent.isStray |= lent.readers.remove(gone.number) != null);
    }
  }

  /** Does something to who uses it; then it may be free, or its readers be asked to let go of it. */
  private void change(Lent lent, Runnable step) {
    boolean free;
    Set<Integer> asked;
    synchronized (this) {
      if (!byNumber.containsKey(lent.number)) {
        return;
      }
      boolean before = lent.uses == 0;
      step.run();
      boolean unused = lent.uses == 0;
      free = unused && lent.readers.isEmpty();
      if (unused && !before && !free) {
        awaited += lent.size;
      } else if (before && (free || !unused)) {
        awaited -= lent.size;
      }
      if (free) {
        byNumber.remove(lent.number);
        askAt = Math.max(ASK_BYTES, Math.min(askAt, 2 * awaited));
      }
      asked = unused && !before ? holders() : Set.of();
    }
    if (free && lent.isStray) {
      memory.abandon(lent.token);
    } else if (free) {
      memory.free(lent.token);
    }
    ask(asked, false);
  }

  /** Who keeps what nobody uses here, if that is much and they were not asked a moment ago. */
  private Set<Integer> holders() {
    long now = host.nanoTime();
    if (awaited < askAt || (hasAsked && now - askedNs < ASK_PAUSE_NS)) {
      return Set.of();
    }
    hasAsked = true;
    askedNs = now;
    askAt = 2 * awaited; // what stays after that, somebody may need
    Set<Integer> all = new HashSet<>();
    for (Lent lent : byNumber.values()) {
      if (lent.uses == 0) {
        all.addAll(lent.readers.keySet());
      }
    }
    return all;
  }

  /** There is little room: all who hold something are asked. */
  private void askAll() {
    Set<Integer> all = new HashSet<>();
    synchronized (this) {
      for (Lent lent : byNumber.values()) {
        all.addAll(lent.readers.keySet());
      }
    }
    ask(all, true);
  }

  private void ask(Set<Integer> holders, boolean isUrgent) {
    for (int holder : holders) {
      WireWriter out = new WireWriter(Frames.COLLECT);
      out.writeFlag(isUrgent);
      peers.peer(holder).send(out);
    }
  }

  // ---- the reader's side

  /** The bytes that a peer has lent, which learns when nothing here refers to them any more. */
  Block borrow(Peer owner, long number, byte[] token) {
    return Borrowed.of(memory, token, () -> {
      WireWriter out = new WireWriter(Frames.RETURN);
      out.writeUnsigned(number);
      owner.send(out);
    });
  }

  /** The owner of what was lent needs what nobody here can reach any more. */
  void collect(boolean isUrgent) {
    memory.collect(isUrgent);
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
