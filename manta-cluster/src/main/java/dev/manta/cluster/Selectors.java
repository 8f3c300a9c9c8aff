package dev.manta.cluster;

import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;

/**
 * Whose sockets the JDK gives. To find that out it looks through all jars of the class path, which takes a
 * millisecond each: a worker, which has the same ones, is told.
 */
final class Selectors {
  private static final String PROPERTY = "java.nio.channels.spi.SelectorProvider";

  private Selectors() {}

  /** The class that the JDK has found here; empty if it is not one of its own. */
  static byte[] provider() {
    Class<?> type = SelectorProvider.provider().getClass();
    String name = type.getModule() == Object.class.getModule() ? type.getName() : "";
    return name.getBytes(StandardCharsets.UTF_8);
  }

  /** Has the JDK take that here, unless it has looked already or was told otherwise. */
  static void use(byte[] provider) {
    if (provider.length == 0 || System.getProperty(PROPERTY) != null) {
      return;
    }
    System.setProperty(PROPERTY, new String(provider, StandardCharsets.UTF_8));
    try {
      var _ = SelectorProvider.provider();
    } finally {
      System.clearProperty(PROPERTY);
    }
  }
}
