package dev.manta.engine;

/** A waiter that counts how often it was told. */
final class Count extends Waiter {
  volatile int told;

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // told twice at once is told twice too often
  void completed(Ref<?> ref) {
    told++;
  }
}
