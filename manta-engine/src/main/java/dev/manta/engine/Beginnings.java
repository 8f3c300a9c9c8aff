package dev.manta.engine;

import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Where a process notes which work of others it has begun, so that they can tell after its death. Given
 * to the engine. Any thread.
 */
public interface Beginnings {
  /**
   * Where this process notes what it begins of the work that a peer sends; asked for once a peer.
   *
   * @return null if it can't: that peer can't tell then
   */
  @Nullable Notes of(int peer);

  /**
   * What a peer that is lost may have begun of the work of this process, by the numbers of that work.
   * True where it can't be told; false only where it is certain that the code has not begun and never
   * will.
   */
  LongPredicate mayHaveBegun(int peer);

  /** The notes of work from one peer. Any thread. */
  @FunctionalInterface
  interface Notes {
    /** The code of that work begins now. What this thread does after that is done after the note. */
    void begins(long work);
  }
}
