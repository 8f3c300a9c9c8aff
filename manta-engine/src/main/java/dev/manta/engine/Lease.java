package dev.manta.engine;

/** What all handles that keep an actor alive share: when it is unreachable, the actor ends. */
final class Lease {
  final ActorCell cell;

  Lease(ActorCell cell) {
    this.cell = cell;
  }
}
