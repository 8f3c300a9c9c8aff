package dev.manta.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What callers write with each call, what turns write, and what both read are on cache lines of their own,
 * also from what happens to lie before and after in the heap.
 */
class LayoutTest {
  /** The last byte of a line to the first of another field: no line of 64 bytes holds both. */
  private static final long APART = 60;

  @Test
  void mailbox_isApartFromWhatTurnsWriteAndCallersRead() {
    Set<String> callers = Set.of("head");
    Set<String> turns = Set.of("items", "itemsSinceEmpty", "runners", "first", "holder", "started");
    Set<String> read = Set.of("cell", "death", "groups", "instance");
    assertApart(Incarnation.class, callers, turns);
    assertApart(Incarnation.class, turns, read);
    assertThat(offsets(Incarnation.class, callers).getFirst()).isGreaterThanOrEqualTo(APART);
  }

  @Test
  void entrance_isApartFromTheCountsOfTurns() {
    Set<String> callers = Set.of("entered", "leftAtLeast", "awaited");
    Set<String> turns = Set.of("left", "leftInTurns");
    assertApart(Pending.class, callers, turns);
    assertApart(Pending.class, turns, Set.of("waiting"));
    assertThat(offsets(Pending.class, callers).getFirst()).isGreaterThanOrEqualTo(APART);
  }

  /** Also fails if one of the fields is not there. */
  private static void assertApart(Class<?> type, Set<String> before, Set<String> after) {
    List<Long> first = offsets(type, before);
    List<Long> second = offsets(type, after);
    assertThat(first).hasSizeGreaterThanOrEqualTo(before.size());
    assertThat(second).hasSizeGreaterThanOrEqualTo(after.size());
    assertThat(second.getFirst() - first.getLast())
        .as("from %s to %s", before, after)
        .isGreaterThanOrEqualTo(APART);
  }

  private static List<Long> offsets(Class<?> type, Set<String> names) {
    List<Long> offsets = new ArrayList<>();
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      for (Field f : c.getDeclaredFields()) {
        boolean list = c == Incarnation.class && f.getName().equals("started"); // of calls
        if (!Modifier.isStatic(f.getModifiers()) && names.contains(f.getName()) && !list) {
          offsets.add(offset(f));
        }
      }
    }
    offsets.sort(null);
    return offsets;
  }

  /** Only one class of the JDK says where a field is, and javac warns of each use of it. */
  private static long offset(Field field) {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field instance = unsafe.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      Method offset = unsafe.getMethod("objectFieldOffset", Field.class);
      return (long) offset.invoke(instance.get(null), field);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the JVM does not say where fields are", e);
    }
  }
}
