package dev.manta.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which monitors may be taken under which: what docs/threads.md says under "The order", and all that
 * follows from it. A monitor is named after its class, or after the class whose code takes it where it is a
 * plain object.
 */
final class LockOrder {
  private static final String ENGINE = "dev.manta.engine.";

  private final Map<String, Set<String>> below = new HashMap<>();

  private LockOrder() {}

  /** The order that the page gives. */
  static LockOrder read() {
    String page;
    try {
      page = Files.readString(project().resolve("docs/threads.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    LockOrder order = new LockOrder();
    String block = page.split("## The order", -1)[1].split("```", -1)[1];
    for (String line : block.strip().split("\n", -1)) {
      String[] parts = line.split("─▶", -1);
      for (int i = 0; i + 1 < parts.length; i++) {
        for (String above : names(parts[i])) {
          for (String under : names(parts[i + 1])) {
            order.below.computeIfAbsent(above, name -> new HashSet<>()).add(under);
          }
        }
      }
    }
    order.close();
    return order;
  }

  private static String[] names(String part) {
    return part.strip().split(",\\s*", -1);
  }

  private static Path project() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("docs/threads.md"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  /** What may be taken under what may be taken under a monitor may be taken under that. */
  private void close() {
    boolean grows = true;
    while (grows) {
      grows = false;
      for (Set<String> under : below.values()) {
        for (String name : Set.copyOf(under)) {
          grows |= under.addAll(below.getOrDefault(name, Set.of()));
        }
      }
    }
  }

  boolean allows(String above, String under) {
    return below.getOrDefault(above, Set.of()).contains(under);
  }

  /**
   * The name of a monitor.
   *
   * @param code the class whose code takes it
   */
  static String nameOf(Object monitor, String code) {
    String own = top(monitor.getClass());
    for (Class<?> c = monitor.getClass(); c != null; c = c.getSuperclass()) {
      if (top(c).equals(code)) {
        return code;
      }
    }
    return monitor.getClass().getName().startsWith(ENGINE) ? own : code;
  }

  private static String top(Class<?> type) {
    String name = type.getName();
    int nested = name.indexOf('$');
    return name.substring(name.lastIndexOf('.') + 1, nested < 0 ? name.length() : nested);
  }
}
