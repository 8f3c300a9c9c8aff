package dev.manta.engine;

import dev.manta.LocalOptions;
import dev.manta.engine.wire.Frames;
import dev.manta.runtime.EmbeddedHost;
import dev.manta.runtime.codec.KryoCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Feeds engines with random and changed frames, in a JVM of its own. Arguments: the first seed, how
 * many inputs, the folder of golden frames. Prints "done" at the end.
 */
final class FrameFuzz {
  /** A frame is to be read within this time. */
  private static final long SLOW_NS = 5_000_000_000L;

  /** How many inputs one pair of engines gets, at most. */
  private static final int INPUTS_EACH = 2_000;

  private FrameFuzz() {}

  /** One engine, and what it did with what came. */
  private static final class Reader implements AutoCloseable {
    final Engine engine;
    final int peer;
    volatile String dropped;
    volatile Throwable untyped;

    Reader(int self, List<GoldenScenario.Golden> goldens) {
      peer = self == 0 ? 1 : 0;
      EmbeddedHost real = new EmbeddedHost();
      Host host =
          (Host) java.lang.reflect.Proxy.newProxyInstance(
              Host.class.getClassLoader(),
              new Class<?>[]{Host.class},
              (proxy, method, args) -> {
                if (method.getName().equals("report")) {
                  Throwable cause = (Throwable) args[1];
                  if (args[0].toString().contains("could not be handled")) {
                    untyped = cause;
                  }
                  return null;
                }
                return method.invoke(real, args);
              });
      engine = new Engine(host, new KryoCodec(), LocalOptions.local().cpus(2).resource("gpu", 1));
      Peers peers = engine.distribute(self, FrameFuzz.class.getClassLoader());
      peers.share(new WireNetwork.HeapMemory());
      peers.connect(
          new Transport() {
            @Override
            public int self() {
              return self;
            }

            @Override
            public void send(int to, byte[] frame) {
              SENT.addAndGet(frame.length);
            }

            @Override
            public void drop(int of, String why) {
              dropped = why;
              peers.lost(of, why);
            }

            @Override
            public void close() {}
          });
      for (GoldenScenario.Golden g : goldens) {
        if (g.name().equals("code-method-reference")) {
          GoldenFramesTest.fill(peers.peer(peer).codes, g.bytes(), 60);
        }
      }
    }

    @Override
    public void close() {
      engine.closeHere(Duration.ZERO);
    }
  }

  static final AtomicLong SENT = new AtomicLong();

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    long first = Long.parseLong(args[0]);
    long end = first + Long.parseLong(args[1]);
    List<GoldenScenario.Golden> goldens = GoldenFramesTest.read(java.nio.file.Path.of(args[2]));
    goldens.removeIf(g -> g.bytes()[0] == dev.manta.engine.wire.Frames.CLOSE);
    GoldenScenario.latch.countDown(); // what blocks does not
    int threads = Thread.activeCount();
    Map<String, Long> found = new HashMap<>();
    long drops = 0;
    long engines = 0;
    Reader[] readers = new Reader[2];
    int[] used = new int[2];
    for (long seed = first; seed < end; seed++) {
      Random random = new Random(seed);
      int which = random.nextInt(2);
      if (readers[which] != null
          && (readers[which].dropped != null || used[which] >= INPUTS_EACH)) {
        drops += readers[which].dropped == null ? 0 : 1;
        readers[which].close();
        readers[which] = null;
      }
      if (readers[which] == null) {
        readers[which] = new Reader(which, goldens);
        used[which] = 0;
        engines++;
      }
      used[which]++;
      Reader reader = readers[which];
      byte[] frame = input(random, goldens);
      long start = System.nanoTime();
      try {
        reader.engine.peers().received(reader.peer, ByteBuffer.wrap(frame));
      } catch (Throwable e) {
        fail(seed, "threw", e);
      }
      if (System.nanoTime() - start > SLOW_NS) {
        fail(seed, "took " + (System.nanoTime() - start) / 1_000_000 + " ms", null);
      }
      Throwable untyped = reader.untyped;
      if (untyped != null) {
        String place = place(untyped);
        if (found.putIfAbsent(place, seed) == null) {
          System.out.println("-Dwire.seed=" + seed + " no WireException: " + place);
          untyped.printStackTrace(System.out);
        }
        reader.untyped = null;
      }
    }
    for (Reader reader : readers) {
      if (reader != null) {
        reader.close();
      }
    }
    for (int i = 0; Thread.activeCount() > threads + 3 && i < 100; i++) {
      Thread.sleep(50);
    }
    if (Thread.activeCount() > threads + 3) { // the timer, the cleaner, and what the JVM starts
      Thread[] left = new Thread[Thread.activeCount()];
      Thread.enumerate(left);
      fail(end, "left threads " + Arrays.toString(left), null);
    }
    if (!found.isEmpty()) {
      fail(found.values().iterator().next(), "gave errors that are no WireException", null);
    }
    System.out.println(
        "done: " + (end - first) + " inputs, " + drops + " dropped peers, " + engines + " engines");
  }

  /** The kind of an error, and the method of the engine that it came from. */
  private static String place(Throwable error) {
    for (StackTraceElement e : error.getStackTrace()) {
      if (e.getClassName().startsWith("dev.manta.")) {
        return error.getClass().getSimpleName() + " " + e.getClassName() + "." + e.getMethodName();
      }
    }
    return error.getClass().getSimpleName();
  }

  private static void fail(long seed, String what, Throwable error) {
    System.out.println("-Dwire.seed=" + seed + " " + what);
    if (error != null) {
      error.printStackTrace(System.out);
    }
    Runtime.getRuntime().halt(1);
  }

  private static byte[] input(Random random, List<GoldenScenario.Golden> goldens) {
    byte[] frame = goldens.get(random.nextInt(goldens.size())).bytes().clone();
    switch (random.nextInt(8)) {
      case 0 -> {
        byte[] noise = new byte[1 + random.nextInt(100)];
        random.nextBytes(noise);
        noise[0] = (byte) random.nextInt(Frames.HELD + 2);
        return notClose(noise);
      }
      case 1 -> frame = Arrays.copyOf(frame, random.nextInt(frame.length));
      case 2 -> frame = huge(random, frame);
      case 3 -> {
        byte[] other = goldens.get(random.nextInt(goldens.size())).bytes();
        int cut = random.nextInt(frame.length);
        int from = random.nextInt(other.length);
        byte[] both = Arrays.copyOf(frame, cut + other.length - from);
        System.arraycopy(other, from, both, cut, other.length - from);
        frame = both;
      }
      case 4 -> frame = nested(random);
      case 5 -> {} // as it is, perhaps again
      default -> {
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
          int at = random.nextInt(frame.length);
          frame[at] =
              random.nextBoolean()
                  ? (byte) (frame[at] ^ 1 << random.nextInt(8))
                  : (byte) random.nextInt(256);
        }
      }
    }
    return notClose(frame);
  }

  private static byte[] notClose(byte[] frame) {
    if (frame.length > 0 && frame[0] == dev.manta.engine.wire.Frames.CLOSE) {
      frame[0] = 0;
    }
    return frame;
  }

  /** A number of two billion, or of more than 64 bits, somewhere. */
  private static byte[] huge(Random random, byte[] frame) {
    byte[] number = new byte[5 + random.nextInt(6)];
    Arrays.fill(number, (byte) 0xff);
    number[number.length - 1] = (byte) random.nextInt(8);
    int at = 1 + random.nextInt(frame.length);
    List<Byte> all = new ArrayList<>();
    for (int i = 0; i < frame.length; i++) {
      if (i == at) {
        for (byte b : number) {
          all.add(b);
        }
      } else {
        all.add(frame[i]);
      }
    }
    byte[] bytes = new byte[all.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = all.get(i);
    }
    return bytes;
  }

  /** Refs in the values of refs: a result that is a complete ref whose value has one, and so on. */
  private static byte[] nested(Random random) {
    int depth = 1 + random.nextInt(random.nextInt(10) == 0 ? 20_000 : 400);
    byte[] frame = new byte[2 + 3 * depth + 1];
    frame[0] = dev.manta.engine.wire.Frames.RESULT;
    frame[1] = 5;
    int at = 2;
    for (int i = 0; i < depth; i++) {
      frame[at++] = 12;
      frame[at++] = 1;
    }
    return Arrays.copyOf(frame, at + 1);
  }
}
