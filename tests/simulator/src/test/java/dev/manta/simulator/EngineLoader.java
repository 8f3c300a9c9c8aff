package dev.manta.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Loads Manta's classes anew: the engine's with {@link Instrumentation}, and where asked with a
 * fault. The simulator's own classes beside them, in the engine's package, are loaded as they are.
 */
final class EngineLoader extends ClassLoader {
  private static final String ENGINE = "dev/manta/engine/";

  private final String engineLocation;
  private final Instrumentation instrumentation;
  private final UnaryOperator<byte[]> fault;

  /**
   * A loader of an engine.
   *
   * @param fault changes class files of the engine; gives back those that it leaves alone
   */
  EngineLoader(UnaryOperator<byte[]> fault) {
    super(EngineLoader.class.getClassLoader());
    this.fault = fault;
    this.instrumentation = new Instrumentation(getParent());
    this.engineLocation = location(ENGINE + "Host.class");
  }

  static Simulator simulator(UnaryOperator<byte[]> fault) {
    try {
      EngineLoader loader = new EngineLoader(fault);
      loader.initializeEngine();
      Class<?> type = loader.loadClass("dev.manta.engine.Simulation");
      return (Simulator) type.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  static Simulator simulator() {
    return simulator(bytes -> bytes);
  }

  /** Runs all static initialisers now: in a run they would be steps that a replay has not. */
  private void initializeEngine() throws ClassNotFoundException {
    for (String name : engineClasses()) {
      Class.forName("dev.manta.engine." + name, true, this);
    }
  }

  private List<String> engineClasses() {
    try {
      URI folder = URI.create(engineLocation + ENGINE);
      if (folder.getScheme().equals("jar")) {
        try (FileSystem jar = FileSystems.newFileSystem(folder, Map.of())) {
          return classes(jar.getPath(ENGINE));
        }
      }
      return classes(Path.of(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> classes(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.endsWith(".class") && !f.startsWith("package-info"))
          .map(f -> f.substring(0, f.length() - ".class".length()))
          .sorted()
          .toList();
    }
  }

  private String location(String file) {
    String url = String.valueOf(getParent().getResource(file));
    return url.substring(0, url.length() - file.length());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("dev.manta.") || name.startsWith("dev.manta.simulator.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    String file = name.replace('.', '/') + ".class";
    try (InputStream in = getParent().getResourceAsStream(file)) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      if (file.startsWith(ENGINE) && location(file).equals(engineLocation)) {
        bytes = instrumentation.instrument(fault.apply(bytes));
      }
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
