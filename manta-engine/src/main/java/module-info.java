/**
 * Turns, mailboxes, the life of calls, placement: no sockets, no threads of its own, no clock. They
 * are given to it, so that it also runs under a simulator.
 */
module dev.manta.engine {
  requires dev.manta;
  requires static org.jspecify;

  exports dev.manta.engine to
      dev.manta.cluster,
      dev.manta.runtime;
  exports dev.manta.engine.wire to
      dev.manta.cluster;
}
