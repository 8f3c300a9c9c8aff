package dev.manta.spi;

import java.util.ServiceLoader;

/** Finds the engine, once. */
public final class Providers {
  private static final MantaProvider PROVIDER =
      ServiceLoader.load(MantaProvider.class, MantaProvider.class.getClassLoader())
          .findFirst()
          .orElseThrow(
              () -> new IllegalStateException(
                  "no Manta runtime on the class path or module path: add the dependency"
                      + " dev.manta:manta-runtime"));

  private Providers() {}

  /** The engine that was found. */
  public static MantaProvider provider() {
    return PROVIDER;
  }
}
