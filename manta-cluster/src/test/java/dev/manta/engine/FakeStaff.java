package dev.manta.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Starts nothing, and notes what it was asked. */
final class FakeStaff implements Staff {
  final List<Integer> ended = new ArrayList<>();
  private final LongConsumer tickets;
  private final int most;
  private final Duration idle;
  private int starts;

  FakeStaff(int most, LongConsumer tickets, Duration idle) {
    this.most = most;
    this.tickets = tickets;
    this.idle = idle;
  }

  synchronized int starts() {
    return starts;
  }

  @Override
  public int most() {
    return most;
  }

  @Override
  public int mostAlone() {
    return 2;
  }

  @Override
  public int cpusOfEach() {
    return 1;
  }

  @Override
  public long idleNs() {
    return idle.toNanos();
  }

  @Override
  public synchronized void start() {
    starts++;
  }

  @Override
  public void startAlone(long ticket, List<String> jvmOptions) {
    tickets.accept(ticket);
  }

  @Override
  public synchronized void end(int worker) {
    ended.add(worker);
  }

  @Override
  public void collect() {}
}
