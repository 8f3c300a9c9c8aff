package dev.manta.engine;

import dev.manta.ContextPropagator;
import dev.manta.LocalOptions;
import dev.manta.runtime.EmbeddedHost;
import dev.manta.runtime.codec.KryoCodec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Engines in this JVM, whose frames one thread carries in their order, and which are all noted. */
final class WireNetwork implements AutoCloseable {
  /** A frame, and between whom it went. */
  record Sent(int from, int to, byte[] bytes) {
    int type() {
      return bytes[0];
    }
  }

  final List<Sent> sent = new CopyOnWriteArrayList<>();

  /** Who dropped whom, and why. */
  final List<String> drops = new CopyOnWriteArrayList<>();

  /** What the engines told the user. */
  final List<String> reports = new CopyOnWriteArrayList<>();

  private final Map<Integer, Engine> engines = new ConcurrentHashMap<>();
  private final LinkedBlockingQueue<Sent> line = new LinkedBlockingQueue<>();
  final HeapMemory memory = new HeapMemory();
  private final List<Integer> cut = new CopyOnWriteArrayList<>();
  private final Thread carrier;
  private volatile boolean timeStands = true;
  private volatile boolean timersRun = true;

  /** The versions of classes in the engine that looks next. */
  volatile Function<Class<?>, Long> versions = type -> 7L;

  /** What happens each time before an engine looks at the clock. */
  volatile Runnable beforeTime = () -> {};

  WireNetwork() {
    carrier =
        Thread.ofPlatform()
            .daemon()
            .name("wire-network")
            .start(
                () -> {
                  try {
                    for (;;) {
                      Sent s = line.take();
                      Engine to = cut.contains(s.to()) ? null : engines.get(s.to());
                      if (to != null) {
                        to.peers().received(s.from(), ByteBuffer.wrap(s.bytes()));
                      }
                    }
                  } catch (InterruptedException e) {
                    // closed
                  }
                });
  }

  /** A host that reports to this, and whose time stands until this is closed. */
  private Host host() {
    EmbeddedHost real = new EmbeddedHost();
    return (Host) java.lang.reflect.Proxy.newProxyInstance(
        Host.class.getClassLoader(),
        new Class<?>[]{Host.class},
        (proxy, method, args) -> {
          if (method.getName().equals("nanoTime")) {
            beforeTime.run();
            if (timeStands) {
              return 1_000_000_000L;
            }
          }
          if (method.getName().equals("schedule") && !timersRun) {
            return (Host.Timer) () -> {};
          }
          if (method.getName().equals("versionOf")) {
            return versions.apply((Class<?>) args[0]);
          }
          if (method.getName().equals("report")) {
            reports.add(args[0] + " " + args[1]);
            return null;
          }
          return method.invoke(real, args);
        });
  }

  /** Stands for memory that processes share. */
  static final class HeapMemory implements SharedMemory {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Map<Integer, byte[]> all = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    final AtomicInteger abandoned = new AtomicInteger();

    private final List<Runnable> asks = new CopyOnWriteArrayList<>();
    private volatile boolean full;

    @Override
    public void onPressure(Runnable ask) {
      asks.add(ask);
    }

    /** So many that are looked for from now on are lost. */
    volatile int loses;

    @Override
    public byte[] put(MemorySegment bytes) {
      if (full) {
        throw new dev.manta.StorageFullException("there is no room", null);
      }
      int number = next.getAndIncrement();
      all.put(number, bytes.toArray(ValueLayout.JAVA_BYTE));
      return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    @Override
    public MemorySegment view(byte[] token, Runnable gone) {
      if (loses > 0) {
        loses--;
        throw new IllegalStateException("it was lost");
      }
      MemorySegment view = bytes(token);
      CLEANER.register(view.scope(), gone);
      return view;
    }

    @Override
    public <T> T read(byte[] token, Function<MemorySegment, T> reader) {
      return reader.apply(bytes(token));
    }

    private MemorySegment bytes(byte[] token) {
      byte[] bytes = token.length == Integer.BYTES ? all.get(number(token)) : null;
      if (bytes == null) {
        throw new IllegalStateException("there is nothing of this token");
      }
      return MemorySegment.ofArray(bytes).asReadOnly();
    }

    @Override
    public void free(byte[] token) {
      all.remove(number(token));
    }

    @Override
    public void abandon(byte[] token) {
      abandoned.incrementAndGet();
      free(token);
    }

    private static int number(byte[] token) {
      return ByteBuffer.wrap(token).getInt();
    }
  }

  /** There is little room left in the memory that they share. */
  void fillMemory() {
    memory.asks.forEach(Runnable::run);
  }

  void setFull(boolean full) {
    memory.full = full;
  }

  /** From now on it goes on. */
  void letTimePass() {
    timeStands = false;
  }

  /** What is scheduled while timers do not run does not happen. */
  void setTimers(boolean run) {
    timersRun = run;
  }

  /** Carries a number, so that calls have contexts. */
  static final class Trace implements ContextPropagator<Integer> {
    @Override
    public Integer capture() {
      return 42;
    }

    @Override
    public void run(Integer context, Runnable body) {
      body.run();
    }
  }

  Engine add(int number, boolean hasContexts) {
    LocalOptions options = LocalOptions.local().cpus(4).resource("gpu", 2);
    Engine engine =
        new Engine(
            host(), new KryoCodec(), hasContexts ? options.propagate(new Trace()) : options);
    Peers peers = engine.distribute(number, WireNetwork.class.getClassLoader());
    engines.put(number, engine);
    peers.share(memory);
    peers.connect(
        new Transport() {
          @Override
          public int self() {
            return number;
          }

          @Override
          public void send(int peer, byte[] frame) {
            Sent s = new Sent(number, peer, frame);
            sent.add(s);
            line.add(s);
          }

          @Override
          public void drop(int peer, String why) {
            drops.add(number + " dropped " + peer + ": " + why);
            peers.lost(peer, why);
          }

          @Override
          public void close() {}
        });
    return engine;
  }

  /** A driver, which is returned, and a worker, for whom time passes. */
  Engine withWorker() {
    Engine driver = add(0, false);
    add(1, false).peers().join(4);
    letTimePass();
    return driver;
  }

  /** From now on frames are noted and not carried. */
  void carryNothing() {
    engines.keySet().forEach(to -> cut.add(to));
  }

  Engine engine(int number) {
    return java.util.Objects.requireNonNull(engines.get(number));
  }

  void remove(int number) {
    engines.remove(number);
  }

  /** Waits until a frame of a type has gone after the first {@code since}, and returns it. */
  byte[] await(int type, int since) throws InterruptedException {
    AtomicReference<byte[]> found = new AtomicReference<>();
    until("a frame of type " + type, () -> {
      List<Sent> all = new ArrayList<>(sent);
      for (Sent s : all.subList(Math.min(since, all.size()), all.size())) {
        if (s.type() == type) {
          found.set(s.bytes());
          return true;
        }
      }
      return false;
    });
    return found.get();
  }

  /** Waits until something is so. */
  void until(String what, BooleanSupplier isSo) throws InterruptedException {
    for (int i = 0; !isSo.getAsBoolean(); i++) {
      if (i == 5_000) {
        throw new AssertionError("never: " + what + " " + drops + reports);
      }
      Thread.sleep(1);
    }
  }

  void quiet() throws InterruptedException {
    for (int n = -1; n != sent.size() || !line.isEmpty(); Thread.sleep(10)) {
      n = sent.size();
    }
  }

  @Override
  public void close() {
    timeStands = false;
    if (!cut.isEmpty()) { // nobody would answer
      engines.forEach(
          (number, engine) -> engines.keySet()
              .stream()
              .filter(other -> !other.equals(number))
              .forEach(other -> engine.peers().lost(other, "is gone")));
    }
    engines.values().forEach(e -> e.closeHere(Duration.ZERO));
    carrier.interrupt();
  }
}
