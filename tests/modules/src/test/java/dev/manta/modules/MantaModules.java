package dev.manta.modules;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Where the modules are that a program needs for Manta: the jars of this build. */
final class MantaModules {
  /* One class of each. */
  private static final List<String> CLASSES =
      List.of(
          "dev.manta.Manta",
          "dev.manta.engine.EngineProvider",
          "dev.manta.runtime.EmbeddedProvider",
          "com.esotericsoftware.kryo.Kryo",
          "com.esotericsoftware.minlog.Log",
          "com.esotericsoftware.reflectasm.FieldAccess",
          "org.objenesis.Objenesis");

  private MantaModules() {}

  /** The places, as an option of java and javac takes them. */
  static String path() {
    return CLASSES.stream()
        .map(MantaModules::place)
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Path place(String type) {
    try {
      Class<?> loaded = Class.forName(type, false, MantaModules.class.getClassLoader());
      return Path.of(loaded.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (ClassNotFoundException | URISyntaxException e) {
      throw new AssertionError(type, e);
    }
  }
}
