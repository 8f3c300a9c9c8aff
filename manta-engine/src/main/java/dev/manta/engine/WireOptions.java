package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.WhenFull;
import dev.manta.engine.wire.WireException;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Options of actors in frames. */
final class WireOptions {
  private static final ActorOptions.Kind[] KINDS = ActorOptions.Kind.values();
  private static final WhenFull[] POLICIES = WhenFull.values();

  /** The most resources, groups, methods and classes of exceptions that options name. */
  private static final int MAX_NAMES = 1_000;

  private WireOptions() {}

  @SuppressWarnings("EnumOrdinal") // part of the protocol
  static void write(WireWriter out, ActorOptions o) {
    String name = o.name();
    out.writeByte(o.kind().ordinal()).writeUnsigned(o.maxConcurrency());
    out.writeText(name == null ? "" : name).writeLong(Double.doubleToRawLongBits(o.cpus()));
    out.writeCount(o.resources().size(), MAX_NAMES);
    sorted(o.resources())
        .forEach((n, amount) -> out.writeText(n).writeLong(Double.doubleToRawLongBits(amount)));
    out.writeCount(o.groups().size(), MAX_NAMES);
    for (ActorOptions.Group g : o.groups().values()) {
      out.writeText(g.name()).writeUnsigned(g.maxConcurrency());
      out.writeCount(g.methods().size(), MAX_NAMES);
      g.methods().stream().sorted().forEach(out::writeName);
    }
    out.writeUnsigned(o.maxRestarts())
        .writeUnsigned(o.maxPendingCalls())
        .writeUnsigned(o.maxPendingBytes());
    out.writeByte(o.whenFull().ordinal());
    out.writeFlag(o.isDetached()).writeFlag(o.hasDedicatedThread()).writeFlag(o.isOutOfOrder());
    write(out, o.retries(), o.retryOn());
    out.writeCount(o.methodRetries().size(), MAX_NAMES);
    sorted(o.methodRetries()).forEach((method, r) -> {
      out.writeName(method);
      write(out, r.times(), r.on());
    });
    Duration deadline = o.startDeadline();
    out.writeUnsigned(deadline == null ? 0 : Waits.nanos(deadline));
    out.writeUnsigned(o.streamBuffer()).writeUnsigned(o.maxBuffered());
    Site.of(o).write(out);
  }

  private static void write(WireWriter out, int times, List<Class<? extends Throwable>> on) {
    out.writeUnsigned(times).writeCount(on.size(), MAX_NAMES);
    on.forEach(c -> out.writeName(c.getName()));
  }

  /** In an order that is the same in all processes. */
  private static <V> Map<String, V> sorted(Map<String, V> map) {
    return map.size() < 2 ? map : new TreeMap<>(map);
  }

  static ActorOptions read(WireReader in, ClassLoader loader) {
    try {
      return readChecked(in, loader);
    } catch (IllegalArgumentException e) {
      throw new WireException("options of an actor are wrong: " + e.getMessage());
    }
  }

  private static ActorOptions readChecked(WireReader in, ClassLoader loader) {
    ActorOptions.Kind kind = KINDS[in.readInt(KINDS.length - 1)];
    int maxConcurrency = in.readInt(Integer.MAX_VALUE);
    ActorOptions o =
        switch (kind) {
          case ASYNC -> ActorOptions.async().maxConcurrency(maxConcurrency);
          case SERIAL -> ActorOptions.serial();
          case THREADED -> ActorOptions.threaded(maxConcurrency);
        };
    String name = in.readText();
    o = name.isEmpty() ? o : o.name(name);
    o = o.cpus(Double.longBitsToDouble(in.readLong()));
    for (int n = in.readCount(MAX_NAMES); n > 0; n--) {
      o = o.resource(in.readText(), Double.longBitsToDouble(in.readLong()));
    }
    for (int n = in.readCount(MAX_NAMES); n > 0; n--) {
      String group = in.readText();
      int max = in.readInt(Integer.MAX_VALUE);
      String[] methods = new String[in.readCount(MAX_NAMES)];
      for (int i = 0; i < methods.length; i++) {
        methods[i] = in.readName();
      }
      o = o.group(group, max, methods);
    }
    o = o.maxRestarts(in.readInt(Integer.MAX_VALUE))
        .maxPendingCalls(in.readInt(
            Integer.MAX_VALUE));
    o = o.maxPendingBytes(in.readUnsigned(Long.MAX_VALUE));
    o = o.whenFull(POLICIES[in.readInt(POLICIES.length - 1)]);
    o = in.readFlag() ? o.detached() : o;
    o = in.readFlag() ? o.dedicatedThread() : o;
    o = o.outOfOrder(in.readFlag());
    ActorOptions.Retries all = readRetries(in, loader);
    o = o.retries(all.times(), array(all.on()));
    for (int n = in.readCount(MAX_NAMES); n > 0; n--) {
      String method = in.readName();
      ActorOptions.Retries r = readRetries(in, loader);
      o = o.methodRetries(method, r.times(), array(r.on()));
    }
    long deadline = in.readUnsigned(Long.MAX_VALUE);
    o = deadline == 0 ? o : o.startDeadline(Duration.ofNanos(deadline));
    o = o.streamBuffer(in.readInt(Integer.MAX_VALUE))
        .maxBuffered(in.readInt(
            Integer.MAX_VALUE));
    Site site = Site.read(in);
    return switch (site.where()) {
      case ANYWHERE -> o;
      case SPREAD -> o.spread();
      case PACKED -> o.pack();
      case ISOLATED -> o.isolated(site.jvmOptions().toArray(String[]::new));
    };
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Class<? extends Throwable>[] array(List<Class<? extends Throwable>> classes) {
    return classes.toArray(new Class[0]);
  }

  private static ActorOptions.Retries readRetries(WireReader in, ClassLoader loader) {
    int times = in.readInt(Integer.MAX_VALUE);
    List<Class<? extends Throwable>> on = new ArrayList<>();
    for (int n = in.readCount(MAX_NAMES); n > 0; n--) {
      Class<? extends Throwable> known = throwable(in.readName(), loader);
      if (known != null) {
        on.add(known);
      }
    }
    return new ActorOptions.Retries(times, on);
  }

  /** A class that is not here is one that nobody throws here. */
  private static @Nullable Class<? extends Throwable> throwable(String name, ClassLoader loader) {
    try {
      return Class.forName(name, false, loader).asSubclass(Throwable.class);
    } catch (ClassNotFoundException | LinkageError | ClassCastException e) {
      return null;
    }
  }
}
