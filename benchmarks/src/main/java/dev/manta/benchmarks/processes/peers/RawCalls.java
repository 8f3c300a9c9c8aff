package dev.manta.benchmarks.processes.peers;

import dev.manta.benchmarks.processes.Seconds;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code call.remote.roundtrip}: blocking channels over a unix socket, a frame there and back. */
public final class RawCalls {
  /** The bytes of a small call, and of its answer. */
  static final int FRAME = 40;

  private static final int CALLS = 5_000;

  private RawCalls() {}

  /** Prints the nanoseconds of a round trip. */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("raw");
    Path socket = directory.resolve("s");
    try (OtherJvm echo = OtherJvm.start(Echo.class, socket.toString());
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      ByteBuffer frame = ByteBuffer.allocateDirect(FRAME);
      Seconds.printNanos("roundtrip", CALLS, () -> {
        for (int i = 0; i < CALLS; i++) {
          frame.clear().putInt(0, i);
          write(channel, frame);
          read(channel, frame);
          if (frame.getInt(0) != i + 1) {
            throw new AssertionError("a wrong answer: " + frame.getInt(0));
          }
        }
      });
    } finally {
      Files.deleteIfExists(socket);
      Files.delete(directory);
    }
  }

  private static void write(SocketChannel channel, ByteBuffer frame) throws IOException {
    while (frame.hasRemaining()) {
      channel.write(frame);
    }
  }

  private static void read(SocketChannel channel, ByteBuffer frame) throws IOException {
    frame.clear();
    while (frame.hasRemaining()) {
      if (channel.read(frame) < 0) {
        throw new EOFException();
      }
    }
  }

  /** The process that answers. */
  static final class Echo {
    private Echo() {}

    /** Serves one connection at the path that it is given. */
    public static void main(String[] args) throws IOException {
      try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(UnixDomainSocketAddress.of(args[0]));
        OtherJvm.ready("ready");
        try (SocketChannel channel = server.accept()) {
          ByteBuffer frame = ByteBuffer.allocateDirect(FRAME);
          while (true) {
            read(channel, frame);
            frame.putInt(0, frame.getInt(0) + 1).flip();
            write(channel, frame);
          }
        } catch (EOFException e) {
          // the caller has ended
        }
      }
    }
  }
}
