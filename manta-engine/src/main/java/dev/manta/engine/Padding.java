package dev.manta.engine;

/**
 * A cache line (64 bytes, less the object's header) that nobody writes, before what is written with each
 * call: an object that happens to lie before this one in the heap is not slowed down by it, and does not
 * slow it down. Fields of a superclass come before those of its subclasses.
 */
@SuppressWarnings("UnusedVariable")
abstract class Padding {
  /* Without it a small field of a subclass would be put before the long ones. */
  private int gap;
  private long a, b, c, d, e, f;
}
