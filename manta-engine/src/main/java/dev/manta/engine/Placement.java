package dev.manta.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which work has which of the resources that are offered, and who waits for them: per need first
 * come first served, and who takes a CPU back after a wait comes before who asks for the first time.
 * Its monitor is a leaf: nothing is run under it.
 */
final class Placement {
  private static final VarHandle PUSHED;

  static {
    try {
      PUSHED = MethodHandles.lookup().findVarHandle(Placement.class, "pushed", Item.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Map<String, Long> total;
  private final Map<String, Long> free;
  private final long totalCpu;
  private long freeCpu;

  /** Whether {@link #freeCpu} is more than nothing. Written under the monitor. */
  private volatile boolean hasFreeCpu;

  /** The newest of the tasks that came while no CPU was free, linked to older ones. */
  private volatile @Nullable Item pushed;

  private int freeThreads;
  private final ArrayDeque<Request> returning = new ArrayDeque<>();
  private final Map<Needs, ArrayDeque<Request>> waiting = new LinkedHashMap<>();
  private int waitingTasks;

  /* The last answer of line(): most tasks have the same needs. */
  private @Nullable Needs lastNeeds;
  private @Nullable ArrayDeque<Request> lastLine;

  Placement(double cpus, Map<String, Double> resources, int threads) {
    freeThreads = threads;
    totalCpu = Needs.units(cpus);
    freeCpu = totalCpu;
    hasFreeCpu = freeCpu > 0;
    Map<String, Long> all = new TreeMap<>();
    for (Map.Entry<String, Double> r : resources.entrySet()) {
      all.put(r.getKey(), Needs.units(r.getValue()));
    }
    total = Map.copyOf(all);
    free = new HashMap<>(all);
  }

  /** Work that asks for resources. */
  interface Request {
    Needs needs();

    /** The resources are its own now. Called once, outside all locks. */
    void granted();

    /** It no longer wants them. */
    boolean isWithdrawn();
  }

  /** Resources that are held until released. */
  final class Grant {
    private final Needs needs;
    private final AtomicBoolean released = new AtomicBoolean();

    private Grant(Needs needs) {
      this.needs = needs;
    }

    void release() {
      if (released.compareAndSet(false, true)) {
        Placement.this.release(needs);
      }
    }
  }

  /**
   * Resources as asked for.
   *
   * @throws IllegalArgumentException if there are never as many; says what there is
   */
  Needs needs(double cpus, Map<String, Double> resources, boolean task) {
    if (resources.isEmpty()) {
      if (cpus == 0 && !task) {
        return Needs.NOTHING;
      }
      if (cpus == 1 && task && totalCpu >= ONE_TASK.cpu()) {
        return ONE_TASK;
      }
    }
    String who = task ? "the task" : "the actor";
    Map<String, Long> custom = new TreeMap<>();
    resources.forEach(
        (name, amount) -> {
          if (amount > 0) {
            custom.put(name, Needs.units(amount));
          }
        });
    Needs needs = new Needs(Needs.units(cpus), Map.copyOf(custom), task);
    if (needs.cpu() > totalCpu) {
      throw tooMuch(who, cpus + " cpus");
    }
    needs
        .custom()
        .forEach(
            (name, units) -> {
              if (units > total.getOrDefault(name, 0L)) {
                throw tooMuch(who, Needs.amount(units) + " of \"" + name + "\"");
              }
            });
    return needs;
  }

  private static final Needs ONE_TASK = new Needs(Needs.units(1), Map.of(), true);

  private IllegalArgumentException tooMuch(String who, String what) {
    return new IllegalArgumentException(
        who
            + " asks for "
            + what
            + ", which it could never have: this Manta offers "
            + offered()
            + ". Ask for less, or offer more in LocalOptions");
  }

  /**
   * Grants a task its resources now or when there is room. While no CPU is free it is only pushed on
   * a stack, without the monitor: whoever frees a CPU looks there after he has said so, whoever pushes
   * looks for a free CPU after that, so that one of them sees the other.
   */
  <R extends Item & Request> void request(R task) {
    if (hasFreeCpu || task.needs().cpu() == 0) {
      decide(task);
      return;
    }
    Item top;
    do {
      top = pushed;
      task.next = top;
    } while (!PUSHED.compareAndSet(this, top, task));
    if (hasFreeCpu) {
      List<Request> granted;
      synchronized (this) {
        takePushed();
        granted = grantWaiting();
      }
      for (Request r : granted) {
        r.granted();
      }
    }
  }

  /** As {@link #request}, under the monitor at once. */
  private void decide(Request request) {
    List<Request> granted = List.of();
    synchronized (this) {
      boolean more = takePushed();
      Needs needs = request.needs();
      if (line(needs) == null && returning.isEmpty() && take(needs)) {
        granted = List.of(request);
      } else {
        stand(request);
      }
      if (more) {
        granted = new ArrayList<>(granted);
        granted.addAll(grantWaiting());
      }
    }
    for (Request r : granted) {
      r.granted();
    }
  }

  /** Puts the tasks that were pushed meanwhile into their lines, in their order. Under the monitor. */
  private boolean takePushed() {
    if (pushed == null) {
      return false;
    }
    Item newest = (Item) PUSHED.getAndSet(this, null);
    Item oldest = null;
    while (newest != null) {
      Item older = newest.next;
      newest.next = oldest;
      oldest = newest;
      newest = older;
    }
    for (Item item = oldest; item != null;) {
      Item next = item.next;
      item.next = null;
      stand((Request) item);
      item = next;
    }
    return true;
  }

  private void stand(Request request) {
    Needs needs = request.needs();
    ArrayDeque<Request> line = line(needs);
    if (line == null) {
      line = new ArrayDeque<>();
      waiting.put(needs, line);
      lastLine = line;
    }
    line.add(request);
    waitingTasks++;
  }

  /** Who waits with such needs; null if nobody does. */
  @SuppressWarnings("ReferenceEquality") // what is equal is found in the map
  private @Nullable ArrayDeque<Request> line(Needs needs) {
    if (needs != lastNeeds) {
      lastNeeds = needs;
      lastLine = waiting.get(needs);
    }
    return lastLine;
  }

  /** Takes resources back after a wait, before all who ask for the first time. */
  void requestBack(Request request) {
    synchronized (this) {
      if (!returning.isEmpty() || !take(request.needs())) {
        returning.add(request);
        return;
      }
    }
    request.granted();
  }

  /** Resources are free again. */
  void release(Needs needs) {
    List<Request> granted;
    synchronized (this) {
      give(needs);
      takePushed();
      granted = grantWaiting();
    }
    for (Request r : granted) {
      r.granted();
    }
  }

  /**
   * As {@link #release}, and hands the caller one request of the same needs, granted, to carry out
   * itself.
   */
  @Nullable Request releaseAndNext(Needs needs) {
    List<Request> granted = List.of();
    Request next = null;
    synchronized (this) {
      takePushed();
      ArrayDeque<Request> line = returning.isEmpty() ? line(needs) : null;
      if (line != null && waiting.size() == 1) {
        next = line.poll();
        waitingTasks--;
        if (line.isEmpty()) {
          waiting.remove(needs);
          lastLine = null;
        }
      } else {
        give(needs);
        takePushed();
        granted = grantWaiting();
      }
    }
    for (Request r : granted) {
      r.granted();
    }
    return next;
  }

  private List<Request> grantWaiting() {
    if (returning.isEmpty() && waiting.isEmpty()) {
      return List.of();
    }
    List<Request> granted = new ArrayList<>();
    while (!returning.isEmpty() && take(returning.peek().needs())) {
      granted.add(returning.remove());
    }
    if (returning.isEmpty()) {
      var lines = waiting.entrySet().iterator();
      while (lines.hasNext()) {
        Map.Entry<Needs, ArrayDeque<Request>> entry = lines.next();
        ArrayDeque<Request> line = entry.getValue();
        for (Request r = line.peek(); r != null; r = line.peek()) {
          if (!r.isWithdrawn()) {
            if (!take(entry.getKey())) {
              break;
            }
            granted.add(r);
          }
          line.remove();
          waitingTasks--;
        }
        if (line.isEmpty()) {
          lines.remove();
          lastNeeds = null;
        }
      }
    }
    return granted;
  }

  private boolean take(Needs needs) {
    if (freeCpu < needs.cpu() || (needs.thread() && freeThreads == 0)) {
      return false;
    }
    if (!needs.custom().isEmpty()) {
      for (Map.Entry<String, Long> n : needs.custom().entrySet()) {
        if (free.getOrDefault(n.getKey(), 0L) < n.getValue()) {
          return false;
        }
      }
      needs.custom().forEach((name, units) -> free.merge(name, -units, Long::sum));
    }
    freeCpu -= needs.cpu();
    if (freeCpu == 0) {
      hasFreeCpu = false;
    }
    if (needs.thread()) {
      freeThreads--;
    }
    return true;
  }

  private void give(Needs needs) {
    freeCpu += needs.cpu();
    if (!hasFreeCpu) {
      hasFreeCpu = freeCpu > 0;
    }
    if (needs.thread()) {
      freeThreads++;
    }
    if (!needs.custom().isEmpty()) {
      needs.custom().forEach((name, units) -> free.merge(name, units, Long::sum));
    }
  }

  /** Gives an actor its resources for its life, and starts it. */
  void forActor(Needs needs, Consumer<Grant> granted, BooleanSupplier withdrawn) {
    decide(
        new Request() {
          @Override
          public Needs needs() {
            return needs;
          }

          @Override
          public void granted() {
            granted.accept(new Grant(needs));
          }

          @Override
          public boolean isWithdrawn() {
            return withdrawn.getAsBoolean();
          }
        });
  }

  /** Whether a CPU was free a moment ago. */
  boolean mayHaveFreeCpu() {
    return hasFreeCpu;
  }

  synchronized boolean hasFreeThread() {
    return freeThreads > 0;
  }

  Map<String, Double> offered() {
    Map<String, Double> all = new TreeMap<>();
    all.put("cpu", Needs.amount(totalCpu));
    total.forEach((name, units) -> all.put(name, Needs.amount(units)));
    return all;
  }

  synchronized Map<String, Double> free() {
    Map<String, Double> all = new TreeMap<>();
    all.put("cpu", Needs.amount(freeCpu));
    free.forEach((name, units) -> all.put(name, Needs.amount(units)));
    return all;
  }

  /** Who waits for resources for the first time. */
  synchronized List<Request> waitingRequests() {
    takePushed();
    List<Request> all = new ArrayList<>();
    waiting.values().forEach(all::addAll);
    return all;
  }

  synchronized int waiting() {
    takePushed();
    return waitingTasks;
  }
}
