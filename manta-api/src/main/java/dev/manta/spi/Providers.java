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
    MantaProvider found =
        first(
            MantaProvider.class,
            ServiceLoader.load(MantaProvider.class, MantaProvider.class.getClassLoader()));
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
  private static String firstName(String file) {
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
   * The first provider of a service. A {@link ServiceLoader} opens all jars of the class path before it gives
   * that, which takes a millisecond for each: so it is only asked where the service is in a module, or has no
   * provider on the class path.
   *
   * @param services of the caller, whose module says that it uses the service
   * @return null if there is none
   * @throws IllegalStateException if the provider can't be made
   */
  public static <S> @Nullable S first(Class<S> service, ServiceLoader<S> services) {
    S found = onClassPath(service);
    return found != null ? found : services.findFirst().orElse(null);
  }

  private static <S> @Nullable S onClassPath(Class<S> service) {
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
