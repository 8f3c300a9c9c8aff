package dev.manta.engine;

/**
 * What all handles of a process to an actor of another one share: when it is unreachable, the process
 * holds the actor no more. The cell does not, since what has ended may still name it.
 */
final class RemoteLease {
  final RemoteCell cell;

  RemoteLease(RemoteCell cell) {
    this.cell = cell;
  }
}
