package dev.manta.processes.launch;

import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;

/** As a jar with jars in it starts: by a loader of its own, which the class path knows nothing of. */
public final class Nested {
  private Nested() {}

  /** Runs {@link Launched} with the class path that is given as locations. */
  public static void main(String[] args) throws Exception {
    URL[] places = Arrays.stream(args).map(Nested::place).toArray(URL[]::new);
    try (var loader =
        new URLClassLoader("nested", places, ClassLoader.getPlatformClassLoader())) {
      Thread.currentThread().setContextClassLoader(loader);
      loader.loadClass("dev.manta.processes.launch.Launched")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    }
  }

  private static URL place(String location) {
    try {
      return URI.create(location).toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
