package dev.manta.spi;

import dev.manta.ActorRef;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Stands behind the static methods of {@link Manta}, where each is specified. */
public interface MantaProvider {
  Manta start(LocalOptions options);

  Manta current();

  <A> ActorRef<A> self();

  <T extends @Nullable Object> T await(CompletionStage<T> stage);

  <T extends @Nullable Object> T await(CompletionStage<T> stage, Duration timeout);

  void sleep(Duration time);

  void yield();

  <T extends @Nullable Object> T blocking(Callable<T> code) throws Exception;

  Executor turn();

  <T extends @Nullable Object> CompletionStage<T> onTurn(CompletionStage<T> stage);

  boolean isCancelled();

  int attempt();

  Optional<Duration> remaining();

  RuntimeException exit();
}
