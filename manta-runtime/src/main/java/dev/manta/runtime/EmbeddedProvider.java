package dev.manta.runtime;

import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.engine.Engine;
import dev.manta.engine.EngineProvider;
import dev.manta.runtime.codec.KryoCodec;
import dev.manta.spi.Providers;
import java.util.ServiceLoader;

/** Starts engines in this JVM. Found by the API as a service. */
public final class EmbeddedProvider extends EngineProvider {
  /** Called by the service loader. */
  public EmbeddedProvider() {}

  @Override
  public Manta start(LocalOptions options) {
    return options.processes() == 0
        ? new Engine(new EmbeddedHost(), new KryoCodec(), options)
        : processes(options.processes()).start(options);
  }

  private static ProcessesProvider processes(int processes) {
    ProcessesProvider found =
        Providers.first(
            ProcessesProvider.class,
            ServiceLoader.load(ProcessesProvider.class, EmbeddedProvider.class.getClassLoader()));
    if (found == null) {
      throw new IllegalStateException(
          "processes(" + processes + ") needs the module of worker processes:"
              + " add the dependency dev.manta:manta-cluster");
    }
    return found;
  }
}
