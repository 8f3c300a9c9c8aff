package dev.manta.engine;

/** Where the engine tells what happens to calls and tasks, for those who record it. */
public interface Events {
  /** What can happen. */
  enum Kind {
    /** A call or task was submitted. */
    QUEUED,
    /** Its code began. */
    STARTED,
    /** Its code waits at an await point. */
    SUSPENDED,
    /** It goes on. */
    RESUMED,
    /** Its code has ended. */
    ENDED,
    /** It held its turn too long. */
    STALLED
  }

  /** Records nothing. */
  Events NONE = new Silent();

  /** Whether anybody records events of this kind: asked on hot paths, must cost nothing. */
  boolean wants(Kind kind);

  /**
   * Records one event, now.
   *
   * @param call the call or task, in words
   * @param number the same for all events of one call
   */
  void record(Kind kind, String call, long number);

  /** Records nothing. */
  final class Silent implements Events {
    private Silent() {}

    @Override
    public boolean wants(Kind kind) {
      return false;
    }

    @Override
    public void record(Kind kind, String call, long number) {}
  }
}
