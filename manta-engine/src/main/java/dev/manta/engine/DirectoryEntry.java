package dev.manta.engine;

import dev.manta.ActorOptions;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An actor that is not dead. Guarded by the directory. */
final class DirectoryEntry {
  private static final int FORGIVEN_SHORT_LIVES = 2;

  final long id;
  final ActorOptions options;
  final Parcel constructor;
  final @Nullable Object @Nullable [] contexts;
  final String className;

  final Holders holders = new Holders();

  /**
   * Workers that are gone and have held it, or hosted it: others may have got a handle from one, as is
   * not known yet. Until it is, the actor does not end for want of holders.
   */
  final Set<Integer> departed = new HashSet<>(0);

  /** Nobody is known to hold it whose process is not gone: it waits for a holder before its next life. */
  boolean orphaned;

  int restartsLeft;
  int deathsAtStart;

  /** Lives in a row that were short, and how their processes ended; the latest. */
  final ArrayDeque<String> shortLives = new ArrayDeque<>();

  long bornNs;
  long epoch = ActorCell.FIRST_EPOCH;

  /** The last epoch that its host may use, also where the driver will not hear of it. */
  long lastEpoch;

  @Nullable Peer host;

  /** What its host was asked since nobody held it; 0 if somebody has held it since. */
  long question;

  boolean hosted;

  /** Its host is a process of its own. */
  boolean alone;

  /** Its constructor has returned in this process. */
  boolean built;

  Placement.@Nullable Grant grant;

  /** It is dead or was let go of: it is not begun any more. Read by any thread. */
  volatile boolean over;

  /** How long it waits for its next life: less where its end may have been another's fault. */
  long delayNs() {
    return Backoff.delayNs(
        deathsAtStart > 0 ? deathsAtStart : shortLives.size() - FORGIVEN_SHORT_LIVES);
  }

  /** How its last processes ended, none of which it was built in. */
  String deathsInWords() {
    return String.join(
        "; ", shortLives.stream().skip(shortLives.size() - deathsAtStart).toList());
  }

  DirectoryEntry(
      long id, ActorOptions options, Parcel constructor,
      @Nullable Object @Nullable [] contexts) {
    this.id = id;
    this.options = options;
    this.constructor = constructor;
    this.contexts = contexts;
    this.className = constructor.code().constructedClass();
    this.restartsLeft = options.maxRestarts();
  }

  /** Whether a process holds it, or none need. Its host's code is not counted. */
  boolean isHeld() {
    return options.isDetached() || !holders.isEmpty();
  }

  boolean isOver() {
    return over;
  }
}
