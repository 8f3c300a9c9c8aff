package dev.manta.engine;

import dev.manta.ActorRef;
import dev.manta.ObjectRef;
import java.util.ArrayList;
import java.util.List;

/** A value that is copied: a number, and refs and handles that travel with it. */
final class Luggage {
  /** From this number of bytes on a value goes through shared memory. */
  static final int LARGE = SharedMemory.LEAST_BYTES;

  /** The most items where the arguments of calls are limited. */
  static final int MOST = 8;

  final int number;
  final int padding;

  /** For each item the job of a ref, or the kind of an actor. */
  final List<Integer> labels = new ArrayList<>();

  final List<Object> items = new ArrayList<>();

  Luggage(int number, int padding) {
    this.number = number;
    this.padding = padding;
  }

  void add(ObjectRef<Object> ref, int job) {
    items.add(ref);
    labels.add(job);
  }

  void add(ActorRef<Resident> handle, int kind) {
    items.add(handle);
    labels.add(kind);
  }
}
