package dev.manta.tck;

import dev.manta.Emitter;
import java.util.Iterator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Counts in the ways of a producer; also the async actor that does. */
final class Counter {
  Stream<Long> count(long to) {
    return LongStream.range(0, to).boxed();
  }

  void emit(long to, Emitter<Long> out) {
    for (long i = 0; i < to; i++) {
      out.emit(i);
    }
  }

  static Iterator<Long> iterator(long to) {
    return LongStream.range(0, to).iterator();
  }

  Stream<Long> fail() {
    throw new IllegalStateException("fails at once");
  }
}
