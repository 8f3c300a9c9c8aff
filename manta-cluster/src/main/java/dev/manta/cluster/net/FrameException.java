package dev.manta.cluster.net;

import java.io.IOException;

/** The bytes of a peer are no frames. */
final class FrameException extends IOException {
  private static final long serialVersionUID = 1;

  /** In words that fit after "worker 3 ". */
  private final String why;

  FrameException(String why) {
    super(why);
    this.why = why;
  }

  String why() {
    return why;
  }
}
