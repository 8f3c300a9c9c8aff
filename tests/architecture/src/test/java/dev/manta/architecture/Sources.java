package dev.manta.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.manta.Manta;
import dev.manta.engine.Engine;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** What the rules look at: Manta's classes as they were compiled, and their sources. */
final class Sources {
  static final JavaClasses API = classesBeside(Manta.class);
  static final JavaClasses ENGINE = classesBeside(Engine.class);
  static final JavaClasses RUNTIME = classesBeside(named("dev.manta.runtime.EmbeddedProvider"));
  static final JavaClasses CLUSTER = classesBeside(named("dev.manta.cluster.LocalProcesses"));

  private Sources() {}

  private static Class<?> named(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** All classes of the jar or folder that a class came from. */
  private static JavaClasses classesBeside(Class<?> type) {
    try {
      Path place = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
      ClassFileImporter importer = new ClassFileImporter();
      if (Files.isDirectory(place)) {
        return importer.importPath(place);
      }
      try (JarFile jar = new JarFile(place.toFile())) {
        return importer.importJar(jar);
      }
    } catch (URISyntaxException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The folder that all modules are in. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("manta-api"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  /** The sources of what a user's program runs, of all modules or of those below a folder. */
  static List<Path> mainCode(String below) {
    try (Stream<Path> files = Files.walk(root().resolve(below))) {
      return files
          .filter(f -> f.toString().endsWith(".java"))
          .filter(f -> f.toString().contains("/src/main/java/"))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
