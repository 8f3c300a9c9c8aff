package dev.manta.cluster;

import dev.manta.ContextPropagator;
import dev.manta.LocalOptions;
import dev.manta.engine.Block;
import dev.manta.engine.Boundary;
import dev.manta.engine.NotCopyableException;
import dev.manta.engine.Portable;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import dev.manta.runtime.codec.KryoCodec;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a Manta as its workers get them. Field by field, since the codec would take a quarter of
 * a worker's start to load; only propagators, which are the program's own, need it.
 */
final class WorkerOptions {
  private static final int MAX_FORM = 64;

  /** With some room for what else a worker is told when it starts. */
  private static final int MAX_BYTES = 1_000_000;

  /** Nothing in them is a handle. */
  private static final Boundary PLAIN =
      new Boundary() {
        @Override
        public boolean isHandle(Object object) {
          return false;
        }

        @Override
        public @Nullable String refusal(Object object) {
          return null;
        }

        @Override
        public Object onDecode(Object handle) {
          return handle;
        }
      };

  private WorkerOptions() {}

  /** How many tasks a worker runs at once. */
  static int cpusOfEach(double cpus, int workers) {
    return (int) Math.max(1, Math.round(cpus / workers));
  }

  static byte[] write(LocalOptions options) {
    WireWriter out = new WireWriter(0);
    out.writeLong(Double.doubleToLongBits(options.cpus()));
    out.writeUnsigned(options.resources().size());
    options.resources()
        .forEach(
            (name, amount) -> out.writeText(name).writeLong(Double.doubleToLongBits(amount)));
    for (Duration time : times(options)) {
      out.writeUnsigned(time.getSeconds()).writeUnsigned(time.getNano());
    }
    out.writeUnsigned(options.maxTaskThreads()).writeUnsigned(options.maxPendingTasks());
    out.writeFlag(!options.propagators().isEmpty());
    if (!options.propagators().isEmpty()) {
      writePropagators(out, options.propagators());
    }
    byte[] bytes = out.toFrame();
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "the options can't be sent to worker processes: they take " + bytes.length
              + " bytes, and at most " + MAX_BYTES + " are allowed: use smaller propagators");
    }
    return bytes;
  }

  private static Duration[] times(LocalOptions options) {
    return new Duration[]{
        options.stallThreshold(), options.monitorDeadlockTimeout(), options.cancelGrace(),
        options.silence()
    };
  }

  private static void writePropagators(WireWriter out, List<ContextPropagator<?>> propagators) {
    Portable portable;
    try {
      KryoCodec codec = new KryoCodec();
      portable = codec.pack(codec.encode(propagators, PLAIN));
    } catch (NotCopyableException e) {
      throw new IllegalArgumentException(
          "the propagators can't be sent to worker processes: " + e.getMessage(), e);
    }
    if (!portable.blocks().isEmpty()) {
      throw new IllegalArgumentException(
          "the propagators can't be sent to worker processes: they hold a large array or buffer."
              + " Let a propagator hold only what tells the contexts apart");
    }
    out.writeUnsigned(portable.form()).writeBytes(portable.bytes().view());
    out.writeUnsigned(portable.classes().size());
    portable.classes().forEach(out::writeText);
  }

  /** What {@link #write} has written. */
  static LocalOptions read(KryoCodec codec, byte[] bytes) {
    WireReader in = new WireReader(ByteBuffer.wrap(bytes));
    var _ = in.readByte();
    LocalOptions options = LocalOptions.local().cpus(Double.longBitsToDouble(in.readLong()));
    int resources = in.readCount();
    for (int i = 0; i < resources; i++) {
      options = options.resource(in.readText(), Double.longBitsToDouble(in.readLong()));
    }
    options =
        options.stallThreshold(readTime(in))
            .monitorDeadlockTimeout(readTime(in))
            .cancelGrace(readTime(in))
            .silence(readTime(in))
            .maxTaskThreads(in.readInt(Integer.MAX_VALUE))
            .maxPendingTasks(in.readInt(Integer.MAX_VALUE));
    if (in.readFlag()) {
      for (Object propagator : readPropagators(codec, in)) {
        options = options.propagate((ContextPropagator<?>) propagator);
      }
    }
    in.end();
    return options;
  }

  private static Duration readTime(WireReader in) {
    return Duration.ofSeconds(in.readUnsigned(), in.readUnsigned());
  }

  private static List<?> readPropagators(KryoCodec codec, WireReader in) {
    int form = in.readInt(MAX_FORM);
    Block encoded = Block.of(MemorySegment.ofArray(in.readBytes()));
    int n = in.readCount();
    List<String> classes = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      classes.add(in.readText());
    }
    Portable portable = new Portable(form, encoded, List.of(), List.of(), classes);
    return (List<?>) java.util.Objects.requireNonNull(
        codec.decode(codec.unpack(portable), PLAIN));
  }
}
