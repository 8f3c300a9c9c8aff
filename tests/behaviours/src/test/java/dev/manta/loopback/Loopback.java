package dev.manta.loopback;

import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.engine.Engine;
import dev.manta.engine.Peers;
import dev.manta.engine.SharedMemory;
import dev.manta.engine.Transport;
import dev.manta.runtime.EmbeddedHost;
import dev.manta.runtime.ProcessesProvider;
import dev.manta.runtime.codec.KryoCodec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Manta of many processes whose processes are engines in this one JVM. All frames are written and
 * read as between processes, so that tests which look at static fields also run over the protocol.
 */
public final class Loopback implements ProcessesProvider {
  @Override
  public Manta start(LocalOptions options) {
    Hub hub = new Hub();
    int workers = options.processes();
    double cpus = Math.max(options.cpus(), workers);
    Engine driver = new Engine(new EmbeddedHost(), new KryoCodec(), options.cpus(cpus));
    hub.add(0, driver);
    int each = (int) Math.max(1, Math.round(cpus / workers));
    for (int i = 1; i <= workers; i++) {
      Engine worker = new Engine(new EmbeddedHost(), new KryoCodec(), options.cpus(each));
      hub.add(i, worker).join(each);
    }
    driver.whenClosed(hub::close);
    return driver;
  }

  /** Carries frames from engine to engine, each way on a thread of its own. */
  private static final class Hub {
    private final Map<Integer, Peers> peers = new ConcurrentHashMap<>();
    private final Map<List<Integer>, LinkedBlockingQueue<byte[]>> lines =
        new ConcurrentHashMap<>();
    private final HeapMemory memory = new HeapMemory();
    private final List<Engine> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    Peers add(int number, Engine engine) {
      Peers p = engine.distribute(number, Loopback.class.getClassLoader());
      p.share(memory);
      peers.put(number, p);
      if (number > 0) {
        workers.add(engine);
      }
      p.connect(
          new Transport() {
            @Override
            public int self() {
              return number;
            }

            @Override
            public void send(int peer, byte[] frame) {
              lines.computeIfAbsent(List.of(number, peer), k -> line(number, peer)).add(frame);
            }

            @Override
            public void drop(int peer, String why) {
              p.lost(peer, why);
              peers.get(peer).lost(number, "closed the connection");
            }

            @Override
            public void close() {}
          });
      return p;
    }

    private LinkedBlockingQueue<byte[]> line(int from, int to) {
      LinkedBlockingQueue<byte[]> line = new LinkedBlockingQueue<>();
      Thread reader =
          Thread.ofPlatform()
              .daemon()
              .name("loopback-" + from + "-" + to)
              .start(
                  () -> {
                    try {
                      for (;;) {
                        peers.get(to).received(from, ByteBuffer.wrap(line.take()));
                      }
                    } catch (InterruptedException e) {
                      // closed
                    }
                  });
      synchronized (threads) {
        threads.add(reader);
      }
      return line;
    }

    void close() {
      workers.forEach(w -> w.closeHere(java.time.Duration.ZERO));
      synchronized (threads) {
        threads.forEach(Thread::interrupt);
      }
    }
  }

  /** Stands for memory that processes share: what is put there is copied. */
  private static final class HeapMemory implements SharedMemory {
    private final Map<Integer, byte[]> all = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();

    @Override
    public byte[] put(MemorySegment bytes) {
      int number = next.getAndIncrement();
      all.put(number, bytes.toArray(ValueLayout.JAVA_BYTE));
      return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    @Override
    public MemorySegment view(byte[] token) {
      return MemorySegment.ofArray(all.get(number(token))).asReadOnly();
    }

    @Override
    public void free(byte[] token) {
      all.remove(number(token));
    }

    private static int number(byte[] token) {
      return ByteBuffer.wrap(token).getInt();
    }
  }
}
