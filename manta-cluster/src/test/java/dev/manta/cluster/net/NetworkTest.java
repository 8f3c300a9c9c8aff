package dev.manta.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.cluster.net.Network.Kind;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Gives each test a network of its own, of unix domain sockets and then of TCP. */
@ParameterizedClass
@EnumSource(Kind.class)
abstract class NetworkTest {
  /** What the processes 1 and 2 are told, in most tests. */
  final Recorder at1 = new Recorder();
  final Recorder at2 = new Recorder();

  @Parameter
  Kind kind;

  Network network;

  @BeforeEach
  void openNetwork(@TempDir Path directory) {
    network = new Network(directory, kind);
  }

  @AfterEach
  void closeNetwork() throws Exception {
    network.close();
  }

  /** Returns as soon as a condition that has no event holds. */
  static void await(BooleanSupplier condition) {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("within 30 s").isLessThan(endNs);
      LockSupport.parkNanos(100_000);
    }
  }

  /** A frame that has a number. */
  static byte[] frame(int index) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(index).array();
  }

  /** A frame that has a number among those of its sender. */
  static byte[] frame(int sender, int index) {
    return ByteBuffer.allocate(2 * Integer.BYTES).putInt(sender).putInt(index).array();
  }
}
