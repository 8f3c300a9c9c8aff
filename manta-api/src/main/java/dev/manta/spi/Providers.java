package dev.manta.spi;

import java.util.Iterator;
import java.util.ServiceLoader;

/** Finds the engine, once. */
public final class Providers {
  private static final MantaProvider PROVIDER = find();

  private Providers() {}

  private static MantaProvider find() {
    Iterator<MantaProvider> found =
        ServiceLoader.load(MantaProvider.class, MantaProvider.class.getClassLoader()).iterator();
    if (!found.hasNext()) {
      throw new IllegalStateException(
          "no Manta runtime on the class path or module path: add the dependency"
              + " dev.manta:manta-runtime");
    }
    return found.next();
  }

  /** The engine that was found. */
  public static MantaProvider provider() {
    return PROVIDER;
  }
}
