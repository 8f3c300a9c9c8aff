package dev.manta.ecosystem;

import dev.manta.Manta;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The async actor that every library calls. */
final class Greeter {
  private final CompletableFuture<Boolean> held = new CompletableFuture<>();
  private final CompletableFuture<String> letGo = new CompletableFuture<>();
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private int answers;
  private int counted;

  String greet(String name) {
    return "hello " + name;
  }

  String refuse(@Nullable String why) throws IOException {
    if (why != null) {
      throw new IOException(why);
    }
    return "nothing to refuse";
  }

  /** Waits until somebody calls {@link #letGo}, and writes down how that ended. */
  String hold() {
    held.complete(true);
    try {
      String said = Manta.await(letGo);
      end.complete("returned");
      return said;
    } catch (CancellationException e) {
      end.complete("cancelled");
      throw e;
    }
  }

  /** Returns when a call is in {@link #hold}. */
  boolean held() {
    return Manta.await(held);
  }

  /** Ends the call in {@link #hold} with a value. */
  void letGo(String said) {
    letGo.complete(said);
  }

  /** How the call in {@link #hold} or {@link #count} ended; waits for it. */
  String end() {
    return Manta.await(end);
  }

  /** The stage that {@link #letGo} completes. */
  CompletableFuture<String> said() {
    return letGo;
  }

  /** One more than the answer before. */
  int next() {
    return ++answers;
  }

  Stream<Integer> count(int to) {
    return IntStream.rangeClosed(1, to)
        .peek(i -> counted = i)
        .boxed()
        .onClose(() -> end.complete("closed"));
  }

  /** How far {@link #count} has come. */
  int counted() {
    return counted;
  }

  String threadName() {
    return Thread.currentThread().getName();
  }

  String threadNameAfterHold() {
    hold();
    return threadName();
  }

  /** Two elements and an error. */
  Stream<Integer> countAndFail() {
    return Stream.of(1, 2, 3)
        .peek(
            i -> {
              if (i == 3) {
                throw new IllegalStateException("no third");
              }
            });
  }
}
