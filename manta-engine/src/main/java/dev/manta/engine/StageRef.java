package dev.manta.engine;

import dev.manta.ObjectRef;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What all instances of object refs have in common: waiting, and the methods of a stage, each
 * carried out by a {@link Dependent} that completes in the right place.
 */
interface StageRef<T extends @Nullable Object> extends ObjectRef<T> {
  /** The instance that owns the state. */
  Ref<T> origin();

  /** This instance's value, of a complete ref; throws its error. */
  T now();

  @Override
  default T get() {
    Waits.untilDone(origin());
    return now();
  }

  @Override
  default T get(Duration timeout) {
    Waits.untilDone(origin(), Waits.nanos(timeout));
    return now();
  }

  @Override
  default CompletableFuture<T> toCompletableFuture() {
    return Dependent.copyOf(this);
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> thenApply(
      Function<? super T, ? extends U> fn) {
    return Dependent.hang(this, d -> d.thenApply(fn));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> thenApplyAsync(
      Function<? super T, ? extends U> fn) {
    return Dependent.hang(this, d -> d.thenApplyAsync(fn));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> thenApplyAsync(
      Function<? super T, ? extends U> fn, Executor executor) {
    return Dependent.hang(this, d -> d.thenApplyAsync(fn, executor));
  }

  @Override
  default CompletionStage<Void> thenAccept(Consumer<? super T> action) {
    return Dependent.hang(this, d -> d.thenAccept(action));
  }

  @Override
  default CompletionStage<Void> thenAcceptAsync(Consumer<? super T> action) {
    return Dependent.hang(this, d -> d.thenAcceptAsync(action));
  }

  @Override
  default CompletionStage<Void> thenAcceptAsync(
      Consumer<? super T> action, Executor executor) {
    return Dependent.hang(this, d -> d.thenAcceptAsync(action, executor));
  }

  @Override
  default CompletionStage<Void> thenRun(Runnable action) {
    return Dependent.hang(this, d -> d.thenRun(action));
  }

  @Override
  default CompletionStage<Void> thenRunAsync(Runnable action) {
    return Dependent.hang(this, d -> d.thenRunAsync(action));
  }

  @Override
  default CompletionStage<Void> thenRunAsync(Runnable action, Executor executor) {
    return Dependent.hang(this, d -> d.thenRunAsync(action, executor));
  }

  @Override
  default <U extends @Nullable Object, V extends @Nullable Object> CompletionStage<V> thenCombine(
      CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn) {
    return Dependent.hang(this, d -> d.thenCombine(other, fn));
  }

  @Override
  default <U extends @Nullable Object,
      V extends @Nullable Object> CompletionStage<V> thenCombineAsync(
          CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn) {
    return Dependent.hang(this, d -> d.thenCombineAsync(other, fn));
  }

  @Override
  default <U extends @Nullable Object,
      V extends @Nullable Object> CompletionStage<V> thenCombineAsync(
          CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn,
          Executor executor) {
    return Dependent.hang(this, d -> d.thenCombineAsync(other, fn, executor));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<Void> thenAcceptBoth(
      CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action) {
    return Dependent.hang(this, d -> d.thenAcceptBoth(other, action));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<Void> thenAcceptBothAsync(
      CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action) {
    return Dependent.hang(this, d -> d.thenAcceptBothAsync(other, action));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<Void> thenAcceptBothAsync(
      CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action,
      Executor executor) {
    return Dependent.hang(this, d -> d.thenAcceptBothAsync(other, action, executor));
  }

  @Override
  default CompletionStage<Void> runAfterBoth(CompletionStage<?> other, Runnable action) {
    return Dependent.hang(this, d -> d.runAfterBoth(other, action));
  }

  @Override
  default CompletionStage<Void> runAfterBothAsync(
      CompletionStage<?> other, Runnable action) {
    return Dependent.hang(this, d -> d.runAfterBothAsync(other, action));
  }

  @Override
  default CompletionStage<Void> runAfterBothAsync(
      CompletionStage<?> other, Runnable action, Executor executor) {
    return Dependent.hang(this, d -> d.runAfterBothAsync(other, action, executor));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> applyToEither(
      CompletionStage<? extends T> other, Function<? super T, U> fn) {
    return Dependent.hang(this, d -> d.applyToEither(other, fn));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> applyToEitherAsync(
      CompletionStage<? extends T> other, Function<? super T, U> fn) {
    return Dependent.hang(this, d -> d.applyToEitherAsync(other, fn));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> applyToEitherAsync(
      CompletionStage<? extends T> other, Function<? super T, U> fn, Executor executor) {
    return Dependent.hang(this, d -> d.applyToEitherAsync(other, fn, executor));
  }

  @Override
  default CompletionStage<Void> acceptEither(
      CompletionStage<? extends T> other, Consumer<? super T> action) {
    return Dependent.hang(this, d -> d.acceptEither(other, action));
  }

  @Override
  default CompletionStage<Void> acceptEitherAsync(
      CompletionStage<? extends T> other, Consumer<? super T> action) {
    return Dependent.hang(this, d -> d.acceptEitherAsync(other, action));
  }

  @Override
  default CompletionStage<Void> acceptEitherAsync(
      CompletionStage<? extends T> other, Consumer<? super T> action, Executor executor) {
    return Dependent.hang(this, d -> d.acceptEitherAsync(other, action, executor));
  }

  @Override
  default CompletionStage<Void> runAfterEither(
      CompletionStage<?> other, Runnable action) {
    return Dependent.hang(this, d -> d.runAfterEither(other, action));
  }

  @Override
  default CompletionStage<Void> runAfterEitherAsync(
      CompletionStage<?> other, Runnable action) {
    return Dependent.hang(this, d -> d.runAfterEitherAsync(other, action));
  }

  @Override
  default CompletionStage<Void> runAfterEitherAsync(
      CompletionStage<?> other, Runnable action, Executor executor) {
    return Dependent.hang(this, d -> d.runAfterEitherAsync(other, action, executor));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> thenCompose(
      Function<? super T, ? extends CompletionStage<U>> fn) {
    return Dependent.hang(this, d -> d.thenCompose(fn));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> thenComposeAsync(
      Function<? super T, ? extends CompletionStage<U>> fn) {
    return Dependent.hang(this, d -> d.thenComposeAsync(fn));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> thenComposeAsync(
      Function<? super T, ? extends CompletionStage<U>> fn, Executor executor) {
    return Dependent.hang(this, d -> d.thenComposeAsync(fn, executor));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> handle(
      BiFunction<? super T, Throwable, ? extends U> fn) {
    return Dependent.hang(this, d -> d.handle(fn));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> handleAsync(
      BiFunction<? super T, Throwable, ? extends U> fn) {
    return Dependent.hang(this, d -> d.handleAsync(fn));
  }

  @Override
  default <U extends @Nullable Object> CompletionStage<U> handleAsync(
      BiFunction<? super T, Throwable, ? extends U> fn, Executor executor) {
    return Dependent.hang(this, d -> d.handleAsync(fn, executor));
  }

  @Override
  default CompletionStage<T> whenComplete(
      BiConsumer<? super T, ? super Throwable> action) {
    return Dependent.hang(this, d -> d.whenComplete(action));
  }

  @Override
  default CompletionStage<T> whenCompleteAsync(
      BiConsumer<? super T, ? super Throwable> action) {
    return Dependent.hang(this, d -> d.whenCompleteAsync(action));
  }

  @Override
  default CompletionStage<T> whenCompleteAsync(
      BiConsumer<? super T, ? super Throwable> action, Executor executor) {
    return Dependent.hang(this, d -> d.whenCompleteAsync(action, executor));
  }

  @Override
  default CompletionStage<T> exceptionally(Function<Throwable, ? extends T> fn) {
    return Dependent.hang(this, d -> d.exceptionally(fn));
  }

  @Override
  default CompletionStage<T> exceptionallyAsync(Function<Throwable, ? extends T> fn) {
    return Dependent.hang(this, d -> d.exceptionallyAsync(fn));
  }

  @Override
  default CompletionStage<T> exceptionallyAsync(
      Function<Throwable, ? extends T> fn, Executor executor) {
    return Dependent.hang(this, d -> d.exceptionallyAsync(fn, executor));
  }

  @Override
  default CompletionStage<T> exceptionallyCompose(
      Function<Throwable, ? extends CompletionStage<T>> fn) {
    return Dependent.hang(this, d -> d.exceptionallyCompose(fn));
  }

  @Override
  default CompletionStage<T> exceptionallyComposeAsync(
      Function<Throwable, ? extends CompletionStage<T>> fn) {
    return Dependent.hang(this, d -> d.exceptionallyComposeAsync(fn));
  }

  @Override
  default CompletionStage<T> exceptionallyComposeAsync(
      Function<Throwable, ? extends CompletionStage<T>> fn, Executor executor) {
    return Dependent.hang(this, d -> d.exceptionallyComposeAsync(fn, executor));
  }
}
