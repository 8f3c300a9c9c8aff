package dev.manta.engine;

import org.jspecify.annotations.Nullable;

/** A call or task that has come from a peer: has it told of the end, and notes the beginning. */
final class Inbound extends Waiter {
  final Peer peer;

  /** The peer's number for it. */
  final long id;

  private final Beginnings.@Nullable Notes notes;

  Inbound(Peer peer, long id) {
    this.peer = peer;
    this.id = id;
    this.notes = peer.notes();
  }

  /** Its code begins now: with the decoding of what it captured, if not earlier. */
  void begins() {
    if (notes != null) {
      notes.begins(id);
    }
  }

  @Override
  void completed(Ref<?> complete) {
    peer.answer(id, complete);
  }
}
