package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.WhenFull;
import dev.manta.simulator.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a seed of many processes makes. What code does it decides as it runs, by the same seed.
 *
 * @param kinds the kinds of actors: code of an actor calls only those after its own
 * @param ops how many calls, tasks and actors there are at most
 * @param losses how many processes are lost, or stand still
 * @param style what code does most
 * @param notes processes note what they begin, so that others can tell after their death
 * @param scarce actors may wait for resources until others have ended
 */
record Plan(
    int workers,
    int cpus,
    List<ActorOptions> kinds,
    int clients,
    int ops,
    int losses,
    boolean kills,
    boolean cancels,
    boolean deadlines,
    boolean retries,
    Style style,
    boolean notes,
    boolean scarce) {

  /** No arguments have as many bytes. */
  static final long MANY_BYTES = 1 << 20;

  /** What is added to the bytes of arguments where these are limited. */
  static final int MOST_PADDING = 100;

  private static final int FEW_BYTES = 250;

  static Plan of(SplittableRandom random, Style asked) {
    Style[] styles = {
        Style.MIXED, Style.MIXED, Style.MIXED, Style.CROWD, Style.CROWD, Style.HANDLES, Style.LIVES,
        Style.STREAMS
    };
    Style some = styles[random.nextInt(styles.length)];
    Style style = asked == null ? some : asked;
    boolean kills = style == Style.LIVES || random.nextInt(4) == 0;
    boolean retries = random.nextInt(2) == 0;
    int losses = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(2);
    boolean crowd = style == Style.CROWD;
    List<ActorOptions> kinds = new ArrayList<>();
    int n = 1 + random.nextInt(crowd ? 2 : 3);
    for (int i = 0; i < n; i++) {
      ActorOptions kind = kind(random, i, retries);
      if (random.nextInt(2) == 0) {
        kind = kind.streamBuffer(1 + random.nextInt(4));
      }
      if (style == Style.LIVES) {
        kind = kind.maxRestarts(3);
      }
      kinds.add(crowd ? withLittleRoom(random, kind.name("name" + i)) : kind);
    }
    return new Plan(
        1 + random.nextInt(3), 1 + random.nextInt(2), kinds, 1 + random.nextInt(2),
        4 + random.nextInt(crowd ? 40 : 20), losses, kills, random.nextInt(3) == 0,
        random.nextInt(3) == 0, retries, style, random.nextInt(3) > 0,
        random.nextInt(10) == 0);
  }

  private static ActorOptions withLittleRoom(SplittableRandom random, ActorOptions o) {
    return random.nextInt(2) == 0
        ? o.maxPendingCalls(1 + random.nextInt(3))
        : o.maxPendingBytes(FEW_BYTES + random.nextInt(FEW_BYTES));
  }

  private static ActorOptions kind(SplittableRandom random, int number, boolean retries) {
    ActorOptions o =
        switch (random.nextInt(4)) {
          case 0 -> ActorOptions.serial();
          case 1 -> ActorOptions.async().maxConcurrency(1 + random.nextInt(2));
          default -> ActorOptions.async();
        };
    if (random.nextInt(3) > 0) {
      o = o.maxRestarts(1 + random.nextInt(3));
    }
    if (random.nextInt(3) == 0) {
      o = o.name("name" + number);
    }
    if (random.nextInt(3) == 0) {
      o = o.maxPendingCalls(1 + random.nextInt(3));
      o = o.whenFull(random.nextInt(2) == 0 ? WhenFull.WAIT : WhenFull.REFUSE);
    }
    if (random.nextInt(6) == 0) {
      o = o.cpus(0.5);
    }
    if (retries && random.nextInt(2) == 0) {
      o = o.retries(1 + random.nextInt(2), AppError.class);
    }
    return o;
  }

  boolean crowd() {
    return style == Style.CROWD;
  }

  /** Whether an actor may have no room for a call. */
  static boolean isLimited(ActorOptions o) {
    return o.maxPendingCalls() < 10 || o.maxPendingBytes() < MANY_BYTES;
  }
}
