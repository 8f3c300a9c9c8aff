package dev.manta.spi;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Finds the engine, once; and providers in general. */
public final class Providers {
  private static final MantaProvider PROVIDER = find();

  private Providers() {}

  private static MantaProvider find() {
    MantaProvider found = onClassPath(MantaProvider.class);
    if (found == null) {
      found =
          ServiceLoader.load(MantaProvider.class, MantaProvider.class.getClassLoader())
              .findFirst()
              .orElse(null);
    }
    if (found == null) {
      throw new IllegalStateException(
          "no Manta runtime on the class path or module path: add the dependency"
              + " dev.manta:manta-runtime");
    }
    return found;
  }

  /** The engine that was found. */
  public static MantaProvider provider() {
    return PROVIDER;
  }

  /** Of a file as {@link ServiceLoader} describes it; empty if there is none. */
  static String firstName(String file) {
    for (int at = 0; at < file.length();) {
      int end = file.indexOf('\n', at);
      String line = file.substring(at, end < 0 ? file.length() : end);
      int comment = line.indexOf('#');
      String name = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (!name.isEmpty()) {
        return name;
      }
      at += line.length() + 1;
    }
    return "";
  }

  /**
   * The provider that a {@link ServiceLoader} would find first on the class path: but that opens all jars on
   * it before it gives the first, which takes a millisecond for each.
   *
   * @return null if the service is not on the class path but in a module, or has no provider there
   * @throws IllegalStateException if its provider can't be made
   */
  public static <S> @Nullable S onClassPath(Class<S> service) {
    ClassLoader loader = service.getClassLoader();
    if (loader == null || service.getModule().isNamed()) {
      return null;
    }
    try (InputStream names =
        loader.getResourceAsStream("META-INF/services/" + service.getName())) {
      if (names == null) {
        return null;
      }
      String name = firstName(new String(names.readAllBytes(), StandardCharsets.UTF_8));
      return name.isEmpty()
          ? null
          : Class.forName(name, true, loader).asSubclass(service).getConstructor().newInstance();
    } catch (IOException | ReflectiveOperationException | ClassCastException e) {
      throw new IllegalStateException(
          "the provider of " + service.getName() + " can't be made: " + e, e);
    }
  }
}
