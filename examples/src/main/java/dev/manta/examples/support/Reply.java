package dev.manta.examples.support;

import java.nio.charset.StandardCharsets;

/**
 * The answer to an HTTP request.
 *
 * @param status the HTTP status
 * @param body the bytes that go to the client
 */
public record Reply(int status, byte[] body) {
  /** 200 with a text. */
  public static Reply ok(String text) {
    return text(200, text);
  }

  /** 503 with the reason. */
  public static Reply unavailable(String reason) {
    return text(503, reason);
  }

  /** A text in UTF-8. */
  public static Reply text(int status, String text) {
    return new Reply(status, text.getBytes(StandardCharsets.UTF_8));
  }
}
