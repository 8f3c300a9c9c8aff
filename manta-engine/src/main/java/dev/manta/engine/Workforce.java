package dev.manta.engine;

import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireException;
import dev.manta.engine.wire.WireWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a driver: how many take work, how many start, and which end because they have nothing
 * to do. A worker ends in steps: it is taken out of the places from which work is handed out, then
 * asked; if it has something that others wait for or use it says no, and is asked again later. Its
 * monitor is a leaf.
 */
final class Workforce {
  /**
   * Who may be given a worker that is about to start waits so long for it, if there is another. It is
   * some tenths of a second, and many times that where too much runs on the machine.
   */
  static final long PATIENCE_NS = 30_000_000_000L;

  /** A process that has run its actor or task, and that others still use, is asked again after that. */
  private static final long ASK_AGAIN_NS = 200_000_000;

  /** Work that has a process of its own. Told outside all monitors. */
  interface Hire {
    /** The process runs, and takes it. */
    void begins(Peer worker);

    /** There is none. */
    void fails(String why, @Nullable Throwable cause);
  }

  private final Peers peers;
  private @Nullable Staff staff;

  /** Those that take any work, with how many tasks at once. */
  private final Map<Integer, Integer> working = new TreeMap<>();

  /** Those that run one actor or task. */
  private final Map<Integer, Peer> alone = new HashMap<>();

  /** Those that are asked whether they may end, with how many tasks they took; 0 of one alone. */
  private final Map<Integer, Integer> asked = new HashMap<>();

  private final Map<Long, Hire> hires = new HashMap<>();
  private long lastTicket;
  private int starting;

  /** Whether there are as many as there may be, those that start included. */
  private volatile boolean full = true;

  Workforce(Peers peers) {
    this.peers = peers;
  }

  /** Gives it who starts and ends processes; at once one is started. */
  void begin(Staff given) {
    synchronized (this) {
      staff = given;
      full = false;
    }
    want(1);
    watch(given);
  }

  // ---- how many

  /** Whether more workers could be started. */
  boolean mayGrow() {
    return !full;
  }

  /** Has so many workers take work, or as many as there may be. Under monitors. */
  void want(int workers) {
    if (full) {
      return;
    }
    synchronized (this) {
      Staff s = staff;
      if (s == null || peers.engine.isClosed()) {
        return;
      }
      int more = Math.min(workers, s.most()) - working.size() - starting;
      for (int i = 0; i < more; i++) {
        starting++;
        s.start();
      }
      noteFull();
    }
  }

  private void noteFull() {
    Staff s = staff;
    full = s == null || working.size() + starting >= s.most();
  }

  /** How many are about to take work. */
  synchronized int starting() {
    return starting;
  }

  /** How many CPUs are free at workers that do not run yet. */
  synchronized double cpusNotStarted() {
    Staff s = staff;
    return s == null ? 0 : (double) (s.most() - working.size()) * s.cpusOfEach();
  }

  /**
   * A worker takes work from now on.
   *
   * @param again it has taken work before
   */
  synchronized void admitted(Peer worker, int cpus, boolean again) {
    if (!again) {
      starting = Math.max(0, starting - 1);
    }
    working.put(worker.number, cpus);
    noteFull();
  }

  /** A worker that was asked for does not come. */
  synchronized void notStarted() {
    starting = Math.max(0, starting - 1);
    noteFull();
  }

  /** A worker is gone. */
  void lost(Peer worker) {
    synchronized (this) {
      working.remove(worker.number);
      alone.remove(worker.number);
      asked.remove(worker.number);
      noteFull();
    }
    want(1);
  }

  synchronized boolean isOrdinary(Peer worker) {
    return !alone.containsKey(worker.number);
  }

  /** Those that have work, or may get some. */
  List<Peer> all() {
    List<Integer> numbers;
    synchronized (this) {
      numbers = new ArrayList<>(alone.keySet());
      numbers.removeAll(asked.keySet());
      numbers.addAll(working.keySet());
    }
    return numbers.stream().map(peers::peer).toList();
  }

  // ---- one actor or task alone

  /** Whether work can have a process of its own. */
  boolean hires() {
    return staff != null;
  }

  /** Gives work a process of its own. Under monitors. */
  void hire(Site site, Hire work) {
    synchronized (this) {
      Staff s = java.util.Objects.requireNonNull(staff);
      int processes = alone.size() + hires.size();
      if (processes >= s.mostAlone() / 2 && !asked.isEmpty()) {
        s.collect();
      }
      if (processes < s.mostAlone()) {
        hires.put(++lastTicket, work);
        s.startAlone(lastTicket, site.jvmOptions());
        return;
      }
    }
    peers.engine.host.schedule(
        0,
        () -> work.fails(
            java.util.Objects.requireNonNull(staff).mostAlone()
                + " processes of their own run already, which is the most at once",
            null));
  }

  private synchronized @Nullable Hire hired(long ticket, @Nullable Peer worker) {
    Hire work = hires.remove(ticket);
    if (work != null && worker != null) {
      alone.put(worker.number, worker);
    }
    return work;
  }

  void admittedAlone(long ticket, Peer worker) {
    Hire work = hired(ticket, worker);
    if (work == null) {
      return;
    }
    worker.send(new WireWriter(Frames.ALONE));
    work.begins(worker);
  }

  void notStartedAlone(long ticket, Throwable why) {
    Hire work = hired(ticket, null);
    if (work != null) {
      work.fails("no process of its own could be started: " + why.getMessage(), why);
    }
  }

  /** The actor or task of a process of its own is over. Under monitors. */
  void dismiss(Peer worker) {
    synchronized (this) {
      if (!alone.containsKey(worker.number) || asked.containsKey(worker.number)) {
        return;
      }
      asked.put(worker.number, 0);
    }
    worker.send(new WireWriter(Frames.RETIRE));
  }

  // ---- ends

  private void watch(Staff s) {
    long period = Math.max(1, s.idleNs() / 2);
    peers.engine.host.schedule(
        period,
        () -> {
          if (!peers.engine.isClosed()) {
            endIdle(s);
            watch(s);
          }
        });
  }

  /** Asks those to end that have had nothing to do for the set time; one stays. */
  void endIdle(Staff s) {
    List<Integer> numbers;
    synchronized (this) {
      numbers = new ArrayList<>(((TreeMap<Integer, Integer>) working).descendingKeySet());
    }
    for (int number : numbers) {
      Peer worker = peers.peer(number);
      var _ = peers.whileThere(worker, () -> endIdle(s, worker));
    }
  }

  private void endIdle(Staff s, Peer worker) {
    if (!isLast() && peers.tasks.leaves(worker, s.idleNs())) {
      if (!peers.actors.leaves(worker, s.idleNs())) {
        peers.tasks.joined(worker, s.cpusOfEach());
      } else if (leave(worker)) {
        worker.send(new WireWriter(Frames.RETIRE));
      }
    }
  }

  private synchronized boolean isLast() {
    return working.size() <= 1;
  }

  private synchronized boolean leave(Peer worker) {
    Integer cpus = working.remove(worker.number);
    if (cpus == null) {
      return false;
    }
    asked.put(worker.number, cpus);
    noteFull();
    return true;
  }

  /** A worker says whether it may end. */
  void answered(Peer worker, boolean mayEnd) {
    Integer cpus;
    Staff s;
    synchronized (this) {
      s = staff;
      cpus = asked.get(worker.number);
      if (cpus == null || s == null) {
        throw new WireException("it was not asked whether it may end");
      }
      if (!mayEnd) {
        asked.remove(worker.number);
      }
    }
    if (mayEnd) {
      s.end(worker.number);
    } else if (cpus == 0) {
      peers.engine.host.schedule(
          ASK_AGAIN_NS,
          () -> {
            if (!worker.isLost() && !peers.engine.isClosed()) {
              dismiss(worker);
            }
          });
    } else {
      peers.takesWorkAgain(worker, cpus);
    }
  }
}
