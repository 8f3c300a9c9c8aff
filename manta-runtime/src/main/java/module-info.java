/** The embedded runtime: the engine with the threads and the memory of this JVM. */
module dev.manta.runtime {
  requires transitive dev.manta;
  requires dev.manta.engine;
  requires jdk.jfr;
  requires jdk.unsupported; // Objenesis
  requires org.objenesis;
  requires com.esotericsoftware.kryo;
  requires static org.jspecify;

  exports dev.manta.runtime to
      dev.manta.cluster;
  exports dev.manta.runtime.codec to
      dev.manta.cluster;

  uses dev.manta.runtime.ProcessesProvider;

  provides dev.manta.spi.MantaProvider with
      dev.manta.runtime.EmbeddedProvider;
}
