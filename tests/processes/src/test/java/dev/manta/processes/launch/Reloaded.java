package dev.manta.processes.launch;

import java.net.URL;
import java.net.URLClassLoader;

/** As tools start a program that they restart quickly: its classes are loaded anew, all others stay. */
public final class Reloaded {
  private Reloaded() {}

  /** Runs {@link Launched}. */
  public static void main(String[] args) throws Exception {
    URL place = Reloaded.class.getProtectionDomain().getCodeSource().getLocation();
    try (var loader = new OwnFirst(place)) {
      Thread.currentThread().setContextClassLoader(loader);
      loader.loadClass("dev.manta.processes.launch.Launched")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    }
  }

  private static final class OwnFirst extends URLClassLoader {
    OwnFirst(URL place) {
      super(new URL[]{place}, Reloaded.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("dev.manta.processes.launch.")) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }
}
