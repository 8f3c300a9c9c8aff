package dev.manta.engine;

import dev.manta.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Why an incarnation of an actor ended.
 *
 * @param reason what its calls are told
 * @param what a sentence's end, as in "the actor lb " + what
 * @param cause the error behind it, where there is one
 * @param graceful it ended by itself or by the Manta's close: no death that a restart would mend
 */
record Death(Reason reason, String what, @Nullable Throwable cause, boolean graceful) {
  /** Its Manta was closed. */
  static final Death CLOSED =
      new Death(Reason.DRAINING, "ended with its Manta, which was closed", null, true);

  String message(String work, String outcome) {
    return work + " " + outcome + ": its actor " + what;
  }
}
