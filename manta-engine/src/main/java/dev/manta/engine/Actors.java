package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The live actors of a Manta: by name, and for looks and checks. Holds none of them but the detached
 * ones and those that have something to close.
 */
final class Actors {
  private final Engine engine;
  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentHashMap<String, ActorCell> byName = new ConcurrentHashMap<>();
  private final Set<CellRef> cells = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<ActorCell> gone = new ReferenceQueue<>();
  private final Set<ActorHandle<?>> detached = ConcurrentHashMap.newKeySet();

  Actors(Engine engine) {
    this.engine = engine;
  }

  <A> ActorRef<A> create(ActorOptions options, Object constructor) {
    ActorHandle<A> created = tryCreate(options, constructor);
    if (created == null) {
      throw new IllegalArgumentException(
          "the name \""
              + options.name()
              + "\" is taken by a live actor ("
              + described(byName.get(String.valueOf(options.name())))
              + "): use getOrCreate, or another name");
    }
    return created;
  }

  private static String described(@Nullable ActorCell cell) {
    return cell == null ? "that has just ended" : cell.classAndNumber();
  }

  <A> ActorRef<A> getOrCreate(ActorOptions options, Object constructor) {
    Objects.requireNonNull(options, "options");
    String name = options.name();
    if (name == null) {
      throw new IllegalArgumentException("getOrCreate needs a name: ActorOptions.named(\"...\")");
    }
    for (;;) {
      ActorHandle<A> live = byName(name);
      if (live == null) {
        live = tryCreate(options, constructor);
      }
      if (live != null) {
        return live;
      }
      Thread.onSpinWait();
    }
  }

  /** Creates an actor unless its name is taken. */
  private <A> @Nullable ActorHandle<A> tryCreate(ActorOptions options, Object constructor) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(constructor, "constructor");
    engine.ensureOpen();
    Needs needs = engine.placement.needs(options.cpus(), options.resources(), false);
    Capture.Captured captured = Capture.take(engine, constructor);
    ActorCell cell = new ActorCell(engine, numbers.incrementAndGet(), options, captured);
    ActorHandle<A> handle = cell.firstHandle();
    String name = options.name();
    if (name != null) {
      var _ = byName(name) == null;
      if (byName.putIfAbsent(name, cell) != null) {
        return null;
      }
    }
    begin(cell, handle, needs);
    return handle;
  }

  /** The live actor of a name; one that nobody holds any more is ended. */
  <A> @Nullable ActorHandle<A> byName(String name) {
    ActorCell cell = byName.get(name);
    if (cell == null || cell.isDead()) {
      return null;
    }
    ActorHandle<A> handle = cell.liveHandle();
    if (handle == null) {
      cell.unreachable();
    }
    return handle;
  }

  private void begin(ActorCell cell, ActorHandle<?> handle, Needs needs) {
    purge();
    cells.add(new CellRef(cell, gone));
    if (cell.options.name() != null || !needs.isNothing()) {
      cell.endWhenUnreachable();
    }
    if (cell.options.isDetached()) {
      detached.add(handle);
    }
    if (needs.isNothing()) {
      cell.start();
    } else {
      engine.placement.forActor(
          needs,
          grant -> {
            cell.holds(grant);
            if (cell.isDead()) {
              grant.release();
            } else {
              cell.start();
            }
          },
          cell::isDead);
    }
  }

  /** Begins an actor that this process hosts for others, which hold it and know its name. */
  void host(ActorCell cell) {
    purge();
    cells.add(new CellRef(cell, gone));
    cell.start();
  }

  /** An actor is dead: its name is free. */
  void ended(ActorCell cell) {
    String name = cell.options.name();
    if (name != null) {
      byName.remove(name, cell);
    }
    detached.removeIf(h -> h.cell == cell);
  }

  /** Whether an object is the instance of a live actor. */
  @SuppressWarnings("ReferenceEquality") // the instance itself, not an equal one
  boolean isLiveActor(Object o) {
    if (!ACTOR_CLASSES.get(o.getClass()).used) {
      return false;
    }
    for (CellRef ref : cells) {
      ActorCell cell = ref.get();
      if (cell != null && cell.current().instance == o) {
        return true;
      }
    }
    return false;
  }

  /** Notes the class of an actor. */
  static void register(Object instance) {
    ACTOR_CLASSES.get(instance.getClass()).used = true;
  }

  List<ActorCell> all() {
    purge();
    List<ActorCell> all = new ArrayList<>();
    for (CellRef ref : cells) {
      ActorCell cell = ref.get();
      if (cell != null) {
        all.add(cell);
      }
    }
    return all;
  }

  private void purge() {
    for (Object dead = gone.poll(); dead != null; dead = gone.poll()) {
      cells.remove(dead);
    }
  }

  private static final class CellRef extends WeakReference<ActorCell> {
    CellRef(ActorCell cell, ReferenceQueue<ActorCell> queue) {
      super(cell, queue);
    }
  }

  private static final class ActorClass {
    volatile boolean used;
  }

  private static final ClassValue<ActorClass> ACTOR_CLASSES =
      new ClassValue<>() {
        @Override
        protected ActorClass computeValue(Class<?> type) {
          return new ActorClass();
        }
      };
}
