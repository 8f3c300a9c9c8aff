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
  String message(String work, String outcome) {
    return work + " " + outcome + ": its actor " + what;
  }
}
