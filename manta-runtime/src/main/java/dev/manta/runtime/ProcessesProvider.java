package dev.manta.runtime;

import dev.manta.LocalOptions;
import dev.manta.Manta;

/** Starts Mantas of many processes. Found as a service: {@code manta-cluster} has one. */
public interface ProcessesProvider {
  /** A Manta whose tasks and actors run in as many worker processes as the options say. */
  Manta start(LocalOptions options);
}
