/** Worker processes: their life, the data plane between them, and shared memory. */
module dev.manta.cluster {
  requires transitive dev.manta;
  requires dev.manta.engine;
  requires dev.manta.runtime;
  requires java.management;
  requires jdk.management; // the size of the memory
  requires jdk.unsupported; // signals, in workers
  requires static org.jspecify;

  provides dev.manta.runtime.ProcessesProvider with
      dev.manta.cluster.LocalProcesses;
}
