package dev.manta.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The second and further calls that wait for one stage, with the tokens of their waits: few bytes each.
 * Calls add and remove themselves in turns of their actor; whoever completes the stage looks at them.
 */
final class Sharers {
  private @Nullable Runner[] runners = new Runner[4];
  private int[] tokens = new int[4];

  /** How many of them are to be seen by whoever completes the stage. */
  private volatile int count;

  /** Adds a wait. In a turn; a look at the stage must follow. */
  void add(Runner runner, int token) {
    int n = count;
    if (n == tokens.length) {
      runners = Arrays.copyOf(runners, 2 * n);
      tokens = Arrays.copyOf(tokens, 2 * n);
    }
    runners[n] = runner;
    tokens[n] = token;
    count = n + 1;
  }

  /** The wait has ended otherwise. In a turn. */
  @SuppressWarnings("ReferenceEquality") // the very runner
  void remove(Runner runner) {
    for (int i = count - 1; i >= 0; i--) {
      if (runners[i] == runner) {
        runners[i] = null;
        return;
      }
    }
  }

  /** The stage is complete: ends their waits, in the order in which they came. By any thread. */
  void wakeAll() {
    int n = count;
    int[] its = tokens;
    @Nullable Runner[] all = runners;
    for (int i = 0; i < n; i++) {
      Runner runner = all[i];
      if (runner != null) {
        runner.wake(its[i]);
      }
    }
  }
}
