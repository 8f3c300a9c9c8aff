package dev.manta;

import java.time.Duration;
import java.util.List;

/**
 * A turn that was held too long: other calls of the actor waited meanwhile.
 *
 * @param actor the actor's name, or its class and number
 * @param call the call that held the turn
 * @param held for how long it had been held when it was seen
 * @param stack where it was then
 * @param blockedBy the stack of the suspended call whose monitor it waited for; empty if none
 */
public record Stall(
    String actor,
    String call,
    Duration held,
    List<StackTraceElement> stack,
    List<StackTraceElement> blockedBy) {
  /** Copies the stacks. */
  public Stall {
    stack = List.copyOf(stack);
    blockedBy = List.copyOf(blockedBy);
  }
}
