package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.LocalOptions;
import dev.manta.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes random programs. An actor's code calls only later actors and tasks, so that every wait of a
 * program ends by itself, but for the few programs that may starve.
 */
final class Programs {
  private static final int[] MILLIS = {0, 1, 1, 2, 5, 10};

  private final SplittableRandom random;
  private final boolean kills;
  private final boolean cancels;
  private final boolean deadlines;
  private final boolean retries;
  private final boolean closes;
  private final boolean cyclic;
  private final boolean scarce;
  private final List<Program.Actor> actors = new ArrayList<>();
  private double taskCpus;
  private int client;
  private int budget;
  private int ops;

  Programs(SplittableRandom random) {
    this.random = random;
    kills = random.nextInt(3) == 0;
    cancels = random.nextInt(2) == 0;
    deadlines = random.nextInt(3) == 0;
    retries = random.nextInt(3) == 0;
    closes = random.nextInt(10) == 0;
    cyclic = random.nextInt(6) == 0;
    scarce = random.nextInt(8) == 0;
  }

  Program make() {
    int clients = 1 + random.nextInt(3);
    int shared = 1 + random.nextInt(3);
    double actorCpus = 0;
    for (int i = 0; i < shared; i++) {
      actors.add(actor(-1));
    }
    for (int c = 0; c < clients; c++) {
      if (chance(3)) {
        actors.add(actor(c));
      }
    }
    for (Program.Actor a : actors) {
      actorCpus += a.options().cpus();
    }
    taskCpus = 1 + random.nextInt(2);
    LocalOptions options =
        LocalOptions.local()
            .cpus(actorCpus + taskCpus)
            .maxTaskThreads(scarce ? 1 + random.nextInt(3) : 100)
            .cancelGrace(Duration.ofMillis(4))
            .stallThreshold(Duration.ofMillis(20));
    List<List<Step>> scripts = new ArrayList<>();
    for (client = 0; client < clients; client++) {
      budget = 14;
      scripts.add(script());
    }
    return new Program(options, actors, scripts, cyclic || scarce, kills, cancels, closes);
  }

  // ---- actors

  private Program.Actor actor(int owner) {
    ActorOptions o =
        switch (random.nextInt(5)) {
          case 0 -> ActorOptions.serial();
          case 1 -> ActorOptions.threaded(1 + random.nextInt(3));
          case 2 -> ActorOptions.async();
          default -> ActorOptions.async().maxConcurrency(1 + random.nextInt(3));
        };
    if (o.kind() != ActorOptions.Kind.SERIAL && chance(3)) {
      o = o.group("io", 1 + random.nextInt(2));
    }
    if (chance(3)) {
      o = o.maxPendingCalls(1 + random.nextInt(5));
      o = o.whenFull(chance(2) ? WhenFull.WAIT : WhenFull.REFUSE);
    }
    if (chance(4)) {
      o = o.cpus(1);
    }
    if (chance(4)) {
      o = o.name("name" + actors.size());
    }
    if (kills && chance(2)) {
      o = o.maxRestarts(1 + random.nextInt(2));
    }
    if (retries && chance(2)) {
      o = o.retries(1 + random.nextInt(2), AppError.class);
    }
    if (deadlines && chance(4)) {
      o = o.startDeadline(Duration.ofMillis(4));
    }
    return new Program.Actor(
        o, kills && chance(12), chance(3) ? millis() : 0, chance(3), owner);
  }

  // ---- code

  private List<Step> script() {
    List<Step> steps = new ArrayList<>();
    List<Op> submitted = new ArrayList<>();
    int n = 3 + random.nextInt(8);
    for (int i = 0; i < n; i++) {
      steps.add(step(submitted, -1, 0));
    }
    if (closes && client == 0) {
      steps.add(random.nextInt(steps.size() + 1), new Step.Close(millis()));
    }
    int own = ownActor();
    if (own >= 0) {
      steps.add(new Step.Drop(own));
      steps.add(new Step.Sleep(1));
    }
    return steps;
  }

  private int ownActor() {
    for (int i = 0; i < actors.size(); i++) {
      if (actors.get(i).owner() == client) {
        return i;
      }
    }
    return -1;
  }

  private List<Step> body(int rank, int depth) {
    List<Step> steps = new ArrayList<>();
    List<Op> submitted = new ArrayList<>();
    int n = random.nextInt(depth == 1 ? 5 : 3);
    for (int i = 0; i < n; i++) {
      steps.add(step(submitted, rank, depth));
    }
    return steps;
  }

  private Step step(List<Op> submitted, int rank, int depth) {
    int kind = random.nextInt(depth == 0 ? 16 : 20);
    boolean some = !submitted.isEmpty();
    if (kind < 7 && budget > 0 && depth < 4) {
      return submit(submitted, rank, depth);
    }
    return switch (kind) {
      case 7 -> some ? new Step.Await(any(submitted), 0) : new Step.Yield();
      case 8 ->
          some ? new Step.Await(any(submitted), Math.max(1, millis())) : new Step.Sleep(millis());
      case 9 -> some && chance(2) ? new Step.AwaitAll() : new Step.Yield();
      case 10 -> some
          ? new Step.AwaitSome(1 + random.nextInt(submitted.size()), millis())
          : new Step.Sleep(millis());
      case 11 -> some ? new Step.Then(any(submitted)) : new Step.Compute(millis());
      case 12 -> new Step.Yield();
      case 13 -> cancels && some
          ? new Step.Cancel(any(submitted), chance(2))
          : new Step.Sleep(millis());
      case 14 -> cancels && ops > 0
          ? new Step.CancelAny(random.nextInt(ops), chance(2))
          : new Step.Compute(millis());
      case 15 -> kills && chance(2)
          ? new Step.Kill(random.nextInt(actors.size()), chance(2))
          : new Step.Sleep(millis());
      case 16 -> new Step.Block(millis());
      case 17 -> new Step.Compute(millis());
      case 18 -> new Step.Yield();
      default -> new Step.Sleep(millis());
    };
  }

  private Step submit(List<Op> submitted, int rank, int depth) {
    budget--;
    ops++;
    int actor = target(rank, depth);
    Program.Actor spec = actor < 0 ? null : actors.get(actor);
    List<Integer> dependencies = new ArrayList<>();
    for (int i = 0; i < submitted.size(); i++) {
      if (chance(6) && mayDependOn(submitted.get(i), actor)) {
        dependencies.add(i);
      }
    }
    boolean offers = depth == 0 && spec != null && spec.owner() < 0;
    Op.Mode mode = chance(5) && spec != null ? Op.Mode.WHEN_ROOM : Op.Mode.CALL;
    if (offers && chance(8)) {
      mode = Op.Mode.OFFER;
    }
    int below = actor < 0 ? rank : Math.max(rank, actor);
    Op op =
        new Op(
            actor,
            mode,
            spec != null && !spec.options().groups().isEmpty() && chance(2) ? "io" : null,
            dependencies,
            body(below, depth + 1),
            chance(4) ? List.of(new Step.Sleep(millis()), new Step.Yield()) : List.of(),
            ending(actor),
            deadlines && chance(3) ? 1 + millis() : 0,
            retries && chance(2) ? 1 + random.nextInt(2) : 0,
            chance(3) ? taskCpus : chance(3) ? 0.5 : 1);
    submitted.add(op);
    return new Step.Submit(op);
  }

  private int target(int rank, int depth) {
    int from = cyclic ? 0 : rank + 1;
    if (chance(3) || from >= actors.size()) {
      return -1;
    }
    int actor = from + random.nextInt(actors.size() - from);
    int owner = actors.get(actor).owner();
    return owner < 0 || (owner == client && depth == 0) ? actor : -1;
  }

  /** Whether waiting for {@code earlier} while it counts as pending ends by itself. */
  private boolean mayDependOn(Op earlier, int actor) {
    if (earlier.mode() == Op.Mode.OFFER) {
      return false;
    }
    boolean later = earlier.isTask() || earlier.actor() >= actor;
    return actor < 0 || (later && earlier.reach(actors.size()) > actor);
  }

  private Op.Ending ending(int actor) {
    return switch (random.nextInt(10)) {
      case 0 -> Op.Ending.THROW;
      case 1 -> Op.Ending.THROW_AT_FIRST;
      case 2 -> Op.Ending.STAGE;
      case 3 -> Op.Ending.FAILED_STAGE;
      case 4 -> actor >= 0 && kills && chance(3) ? Op.Ending.EXIT : Op.Ending.VALUE;
      default -> Op.Ending.VALUE;
    };
  }

  private int any(List<Op> submitted) {
    return random.nextInt(submitted.size());
  }

  private long millis() {
    return MILLIS[random.nextInt(MILLIS.length)];
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }
}
