package dev.manta.engine;

/** Ends a runner's wait when a ref completes. */
final class Wake extends Waiter {
  final Runner runner;
  final int token;

  Wake(Runner runner, int token) {
    this.runner = runner;
    this.token = token;
  }

  @Override
  void completed(Ref<?> ref) {
    runner.wake(token);
  }
}
