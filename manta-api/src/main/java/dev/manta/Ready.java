package dev.manta;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@link Manta#wait}: which refs have completed, with a value or an error, and which
 * have not. Both lists keep the order of the question and together hold each ref once.
 *
 * @param ready completed refs, at most as many as were asked for
 * @param pending all others
 */
public record Ready<T extends @Nullable Object>(
    List<ObjectRef<T>> ready, List<ObjectRef<T>> pending) {
  /** Copies both lists. */
  public Ready {
    ready = List.copyOf(ready);
    pending = List.copyOf(pending);
  }
}
