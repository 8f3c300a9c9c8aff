package dev.manta;

/**
 * What happens to a call that is submitted from outside actors and tasks while the actor has its
 * limit of pending calls. Inside an actor or task the surplus is always refused, unless {@link
 * ActorRef#callWhenRoom} asks to wait.
 */
public enum WhenFull {
  /**
   * The caller parks until there is room, first come first served; the call's deadline bounds the
   * wait.
   */
  WAIT,
  /** The call fails at once: {@link NotExecutedException} with {@link Reason#PENDING_LIMIT}. */
  REFUSE
}
