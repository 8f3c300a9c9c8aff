package dev.manta.engine;

import org.jspecify.annotations.Nullable;

/**
 * A value that is not deeply immutable: its encoded form, from which every instance of its ref
 * decodes a copy of its own.
 */
final class Copied {
  private static final Object NONE = new Object();

  private final Encoded encoded;
  private @Nullable Object first = NONE;

  /** The refs that have this value. */
  private int holders;

  Copied(Encoded encoded) {
    this.encoded = encoded;
  }

  Encoded encoded() {
    return encoded;
  }

  /** The copy of the ref's first instance: the same object each time. */
  synchronized @Nullable Object first(Engine engine) {
    if (first == NONE) {
      first = another(engine);
    }
    return first;
  }

  /** A new copy. */
  @Nullable Object another(Engine engine) {
    return engine.copies.decode(encoded);
  }

  /** Drops the first instance's copy; the encoded form serves the others. */
  synchronized void releaseFirst() {
    first = null;
  }

  /** A ref has this value. */
  synchronized void hold() {
    holders++;
  }

  /** A ref has it no more; or who is no ref has decoded or sent it. */
  void letGo() {
    synchronized (this) {
      if (--holders > 0) {
        return;
      }
    }
    encoded.release();
  }
}
