package dev.manta.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Memory that simulated processes share. */
final class SimulatedMemory {
  private record Put(int process, MemorySegment bytes, List<View> views) {}

  private record View(int process, MemorySegment bytes) {}

  private final Cluster cluster;
  private final Map<Integer, Put> all = new TreeMap<>();
  private int next;

  SimulatedMemory(Cluster cluster) {
    this.cluster = cluster;
  }

  SharedMemory of(int process) {
    return new SharedMemory() {
      @Override
      public byte[] put(MemorySegment bytes) {
        Hooks.checkpoint();
        MemorySegment copy = MemorySegment.ofArray(bytes.toArray(ValueLayout.JAVA_BYTE));
        all.put(next, new Put(process, copy, new ArrayList<>()));
        return ByteBuffer.allocate(Integer.BYTES).putInt(next++).array();
      }

      @Override
      public <T> T read(byte[] token, Function<MemorySegment, T> reader) {
        Put put = all.get(number(token));
        if (put == null) {
          throw new IllegalStateException("the bytes of " + number(token) + " are gone");
        }
        return reader.apply(put.bytes.asReadOnly());
      }

      @Override
      public MemorySegment view(byte[] token, Runnable gone) {
        Hooks.checkpoint();
        Put put = all.get(number(token));
        if (put == null) {
          throw new IllegalStateException("the bytes of " + number(token) + " are gone");
        }
        View view = new View(process, put.bytes.asReadOnly());
        put.views.add(view);
        cluster.processes.get(process).host.whenUnreachable(view.bytes, gone);
        return view.bytes;
      }

      @Override
      public void free(byte[] token) {
        Put put = all.remove(number(token));
        if (put == null) {
          cluster.violated("shared memory is freed twice");
          return;
        }
        if (!Cluster.isGone(cluster.processes.get(process))) {
          put.views.forEach(this::ensureUnread);
        }
        put.bytes.fill((byte) 0xff); // whoever still looks there sees the next value
      }

      @Override
      public void abandon(byte[] token) {
        if (all.remove(number(token)) == null) {
          cluster.violated("shared memory is freed twice");
        }
      }

      /** Nobody may reach what is freed, unless he is taken for lost. */
      @SuppressWarnings("ReferenceEquality") // the view itself
      private void ensureUnread(View view) {
        SimProcess reader = cluster.processes.get(view.process);
        if (!Cluster.isGone(reader)
            && reader.host.registered.stream().anyMatch(r -> r.token() == view.bytes)) {
          cluster.violated("shared memory is freed that " + reader + " reads");
        }
      }
    };
  }

  private static int number(byte[] token) {
    return ByteBuffer.wrap(token).getInt();
  }

  /** A process is gone: what it has put is removed with its folder. */
  void lost(int process) {
    all.values().removeIf(put -> put.process == process);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }
}
