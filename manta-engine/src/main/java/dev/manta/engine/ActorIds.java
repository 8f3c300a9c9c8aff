package dev.manta.engine;

/** The numbers of actors, each of which has the process that created it in its upper bits. */
final class ActorIds {
  private static final int CREATOR_SHIFT = 40;

  private ActorIds() {}

  /**
   * The number of an actor.
   *
   * @param count how many the process has created with it
   */
  static long of(int creator, long count) {
    return (long) creator << CREATOR_SHIFT | count;
  }

  /** The process that created it; where the number comes from outside, maybe none. */
  static int creator(long id) {
    return (int) (id >>> CREATOR_SHIFT);
  }

  /** The count of its creator. */
  static long count(long id) {
    return id & (1L << CREATOR_SHIFT) - 1;
  }

  /** {@code #7}; {@code #2.7} of an actor that process 2 has created. */
  static String words(long id) {
    return creator(id) == 0 ? "#" + count(id) : "#" + creator(id) + "." + count(id);
  }
}
