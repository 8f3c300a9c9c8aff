package dev.manta.engine;

/** The last item of an incarnation's mailbox: what its end needs a turn for. */
final class Funeral extends Item {
  private final Death why;

  Funeral(Death why) {
    this.why = why;
  }

  @Override
  boolean runInTurn(Incarnation actor, TurnRunner runner) {
    if (why.graceful() && actor.instance instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Throwable e) {
        runner.host().report("close() of " + actor.cell.label() + " threw", e);
      }
    }
    actor.quietIfEmpty();
    return true;
  }
}
