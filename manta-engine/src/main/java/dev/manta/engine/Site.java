package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.TaskOptions;
import dev.manta.Where;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * In which process work is to run.
 *
 * @param jvmOptions of a process of its own
 */
record Site(Where where, List<String> jvmOptions) {
  static final Site ANY = new Site(Where.ANYWHERE, List.of());

  private static final Where[] ALL = Where.values();
  private static final int MAX_OPTIONS = 1_000;

  static Site of(ActorOptions o) {
    return of(o.where(), o.jvmOptions());
  }

  static Site of(TaskOptions o) {
    return of(o.where(), o.jvmOptions());
  }

  private static Site of(Where where, List<String> jvmOptions) {
    return where == Where.ANYWHERE ? ANY : new Site(where, jvmOptions);
  }

  boolean isAlone() {
    return where == Where.ISOLATED;
  }

  /** Whether work that a worker submits may run there. */
  boolean mayBeHere() {
    return where == Where.ANYWHERE || where == Where.PACKED;
  }

  @SuppressWarnings("EnumOrdinal") // part of the protocol
  void write(WireWriter out) {
    out.writeUnsigned(where.ordinal());
    if (isAlone()) {
      out.writeCount(jvmOptions.size(), MAX_OPTIONS);
      jvmOptions.forEach(out::writeName);
    }
  }

  static Site read(WireReader in) {
    Where where = ALL[in.readInt(ALL.length - 1)];
    List<String> options = new ArrayList<>();
    for (int n = where == Where.ISOLATED ? in.readCount(MAX_OPTIONS) : 0; n > 0; n--) {
      options.add(in.readName());
    }
    return of(where, List.copyOf(options));
  }
}
