package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What few works have, so that most do without. */
final class Extras {
  @Nullable Work<?> youngestChild;
  volatile Host.@Nullable Timer deadlineTimer;
  long deadlineNs;
  boolean hasDeadline;
  @Nullable Object @Nullable [] contexts;
  Capture.@Nullable Captured pristine;
  int retriesLeft;

  /** Which attempt this is, from 1. */
  int attempt = 1;

  List<Class<? extends Throwable>> retryOn = List.of();
  volatile @Nullable Work<?> successor;

  /** How many attempts were running when their actor died. */
  int deathsWhileRunning;

  /** How many processes that had it died before it had begun. */
  int deathsWhileWaiting;

  /** How the processes ended under which it ran, as far as that is known. */
  private String deaths = "";

  /** Why its wait will never end, for its thread. */
  volatile RemoteWaits.@Nullable Endless endless;

  /** Where its elements go, if it produces a stream that another process reads. */
  @Nullable Outflow outflow;

  private boolean claimed;

  /** An earlier attempt has started. */
  volatile boolean ranBefore;

  /** Has elements sent that the stream of a call holds back: its code is about to wait. */
  static void sendHeld(Work<?> work) {
    Extras e = work.extrasOrNull();
    if (e != null && e.outflow != null) {
      e.outflow.producerWaits();
    }
  }

  /** Lets further attempts be made. Before the work is submitted. */
  void mayRetry(ActorOptions.Retries retries, Capture.@Nullable Captured pristine) {
    retriesLeft = retries.times();
    retryOn = retries.on();
    this.pristine = pristine;
  }

  /** Whether a further attempt follows one that threw {@code error}. */
  boolean covers(Throwable error) {
    if (retriesLeft > 0) {
      for (Class<? extends Throwable> c : retryOn) {
        if (c.isInstance(error)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Takes over what an earlier attempt was submitted with. */
  void follow(Extras earlier) {
    attempt = earlier.attempt + 1;
    retriesLeft = earlier.retriesLeft - 1;
    retryOn = earlier.retryOn;
    deathsWhileRunning = earlier.deathsWhileRunning;
    pristine = earlier.pristine;
    contexts = earlier.contexts;
    hasDeadline = earlier.hasDeadline;
    deadlineNs = earlier.deadlineNs;
  }

  /** Stops the children of work that was stopped for a reason. */
  static void cancelAll(List<Work<?>> children, Reason reason) {
    for (Work<?> child : children) {
      child.stop(reason == Reason.DEADLINE ? reason : Reason.CANCELLED, true);
    }
  }

  /** Whether the caller is the first who wants a further attempt. */
  synchronized boolean claimAttempt() {
    boolean first = !claimed;
    claimed = true;
    return first;
  }

  /** What is said of work that is not run again since its actor died under it too often. */
  String history() {
    return deathsWhileRunning < ActorCell.MAX_DEATHS
        ? ""
        : "; it was running in each of "
            + deathsWhileRunning
            + (deaths.isEmpty()
                ? " attempts when its actor died"
                : " attempts when its process ended (" + deaths + ")")
            + ", so it is not run again";
  }

  /** It was running in a process that is gone. */
  void diedUnder(Peer gone) {
    deathsWhileRunning++;
    deaths += (deaths.isEmpty() ? "" : "; ") + gone.epitaph();
  }

  /** The works that were submitted by this one and are not complete. Under this monitor. */
  List<Work<?>> children() {
    List<Work<?>> children = new ArrayList<>();
    for (Work<?> c = youngestChild; c != null; c = c.earlierSibling) {
      children.add(c);
    }
    return children;
  }

  /** Under this monitor. */
  void addChild(Work<?> child) {
    Work<?> youngest = youngestChild;
    child.earlierSibling = youngest;
    if (youngest != null) {
      youngest.laterSibling = child;
    }
    youngestChild = child;
  }

  /** Under this monitor. */
  @SuppressWarnings("ReferenceEquality") // links of a list
  void removeChild(Work<?> child) {
    Work<?> earlier = child.earlierSibling;
    Work<?> later = child.laterSibling;
    if (later != null) {
      later.earlierSibling = earlier;
    } else if (youngestChild == child) {
      youngestChild = earlier;
    }
    if (earlier != null) {
      earlier.laterSibling = later;
    }
    child.earlierSibling = null;
    child.laterSibling = null;
  }
}
