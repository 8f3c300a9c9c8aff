package dev.manta.engine;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Stands in the place of a function whose code has returned a stage that has completed. */
record StageOutcome(Object function, @Nullable Object value, @Nullable Throwable error) {
  /** What a stage failed with, without the wrapping of derived stages. */
  static @Nullable Throwable unwrap(@Nullable Throwable error) {
    return error instanceof CompletionException c && c.getCause() != null ? c.getCause() : error;
  }
}
