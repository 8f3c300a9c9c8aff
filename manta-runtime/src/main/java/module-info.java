/** The embedded runtime: the engine with the threads and the memory of this JVM. */
module dev.manta.runtime {
  requires transitive dev.manta;
  requires dev.manta.engine;
  requires jdk.jfr;
  requires jdk.unsupported; // Objenesis
  requires org.objenesis;
  requires com.esotericsoftware.kryo;
  requires static org.jspecify;

  provides dev.manta.spi.MantaProvider with
      dev.manta.runtime.EmbeddedProvider;
}
