package dev.manta.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many handles of an actor each process has got from which other one, and not let go of. Fewer than
 * none where it is heard sooner that they were let go of than that they were passed on. Guarded by the
 * directory.
 */
final class Holders {
  private static final int SHIFT = 32;

  private final Map<Long, Integer> handles = new HashMap<>(2);

  private static long key(int holder, int from) {
    return (long) holder << SHIFT | from;
  }

  private static int holder(long key) {
    return (int) (key >>> SHIFT);
  }

  void add(int holder, int from, int more) {
    if (more != 0) {
      handles.merge(key(holder, from), more, Holders::sumOrNone);
    }
  }

  private static @Nullable Integer sumOrNone(Integer a, Integer b) {
    int sum = a + b;
    return sum == 0 ? null : sum;
  }

  void addAll(Holders others) {
    others.handles.forEach((key, more) -> handles.merge(key, more, Holders::sumOrNone));
  }

  /** A holder has said how many it has from another; false if that was known. */
  boolean set(int holder, int from, int count) {
    Integer before =
        count == 0 ? handles.remove(key(holder, from)) : handles.put(key(holder, from), count);
    return (before == null ? 0 : before) != count;
  }

  /** A process holds nothing any more; whether it did. */
  boolean remove(int holder) {
    return handles.keySet().removeIf(key -> holder(key) == holder);
  }

  boolean isEmpty() {
    return handles.values().stream().allMatch(count -> count <= 0);
  }

  /** The processes that hold some. */
  List<Integer> processes() {
    List<Integer> all = new ArrayList<>(handles.size());
    handles.forEach((key, count) -> {
      if (count > 0 && !all.contains(holder(key))) {
        all.add(holder(key));
      }
    });
    return all;
  }

  @Override
  public String toString() {
    return handles.toString();
  }
}
