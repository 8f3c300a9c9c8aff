package dev.manta.examples.balancer;

import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;

/** Says why a server did not answer. */
final class Failures {
  private Failures() {}

  /** The message of the cause; in words where the JDK's client gives none. */
  static String describe(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause.getMessage() != null) {
      return cause.getMessage();
    }
    if (cause.getCause() instanceof UnresolvedAddressException) {
      return "unknown host";
    }
    return cause instanceof ConnectException ? "connection refused" : cause.toString();
  }
}
