package dev.manta.engine;

/** The default group: its count is a field of the incarnation, beside what else a turn writes. */
final class DefaultGroup extends GroupState {
  DefaultGroup(Incarnation owner, int max) {
    super(owner, max);
  }

  @Override
  int started() {
    return deferred.owner.startedByDefault();
  }

  @Override
  int count(int calls) {
    return deferred.owner.countByDefault(calls);
  }
}
