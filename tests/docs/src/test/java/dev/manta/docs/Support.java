package dev.manta.docs;

import dev.manta.Manta;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.stream.LongStream;

/** What every snippet sees without declaring it; public, since snippets are a user's code. */
public final class Support {
  /** The Manta of the running snippet. */
  public static volatile Manta manta;

  private static final List<URI> BACKENDS = List.of(backend(), backend());

  private Support() {}

  /** Heavy work. */
  public static long countPrimes(int below) {
    return LongStream.range(2, below)
        .filter(
            n -> LongStream.rangeClosed(2, (long) Math.sqrt((double) n)).noneMatch(d -> n % d == 0))
        .count();
  }

  /** Heavier work on bytes, in words. */
  public static byte[] scale(byte[] photo) {
    return new byte[photo.length / 4];
  }

  /** The addresses of two HTTP servers. */
  public static List<URI> backends() {
    return BACKENDS;
  }

  private static URI backend() {
    try {
      var server = com.sun.net.httpserver.HttpServer.create(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", exchange -> {
        byte[] hello = "hello".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, hello.length);
        exchange.getResponseBody().write(hello);
        exchange.close();
      });
      server.start();
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
