package dev.manta.engine;

import dev.manta.LocalOptions;
import dev.manta.Manta;

/** Stands behind the static methods of the API in simulated code. */
public final class SimulatedProvider extends EngineProvider {
  /** Called by the service loader. */
  public SimulatedProvider() {}

  @Override
  public Manta start(LocalOptions options) {
    throw new UnsupportedOperationException("engines are started by the simulation");
  }
}
