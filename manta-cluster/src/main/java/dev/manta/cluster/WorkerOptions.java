package dev.manta.cluster;

import dev.manta.LocalOptions;
import dev.manta.engine.Boundary;
import dev.manta.engine.NotCopyableException;
import dev.manta.engine.Portable;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import dev.manta.runtime.codec.KryoCodec;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of a Manta as its workers get them. */
final class WorkerOptions {
  private static final int MAX_FORM = 64;

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

  static byte[] write(KryoCodec codec, LocalOptions options) {
    Portable portable;
    try {
      portable = codec.pack(codec.encode(options, PLAIN));
    } catch (NotCopyableException e) {
      throw new IllegalArgumentException(
          "the options can't be sent to worker processes: " + e.getMessage(), e);
    }
    WireWriter out = new WireWriter(0);
    out.writeUnsigned(portable.form()).writeBytes(portable.bytes());
    out.writeUnsigned(portable.classes().size());
    portable.classes().forEach(out::writeText);
    return out.toFrame();
  }

  static LocalOptions read(KryoCodec codec, byte[] bytes) {
    WireReader in = new WireReader(ByteBuffer.wrap(bytes));
    var _ = in.readByte();
    int form = in.readInt(MAX_FORM);
    MemorySegment encoded = MemorySegment.ofArray(in.readBytes());
    int n = in.readCount();
    List<String> classes = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      classes.add(in.readText());
    }
    in.end();
    Portable portable = new Portable(form, encoded, List.of(), classes);
    return (LocalOptions) java.util.Objects.requireNonNull(
        codec.decode(codec.unpack(portable), PLAIN));
  }
}
