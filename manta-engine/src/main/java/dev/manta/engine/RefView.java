package dev.manta.engine;

import dev.manta.CancelScope;
import org.jspecify.annotations.Nullable;

/** A further instance of an object ref: it was passed on. Decodes its own copy of the value, once. */
final class RefView<T extends @Nullable Object> implements StageRef<T> {
  private static final Object NONE = new Object();

  private final Ref<T> origin;
  private @Nullable Object copy = NONE;
  private volatile boolean released;

  RefView(Ref<T> origin) {
    this.origin = origin;
  }

  @Override
  public Ref<T> origin() {
    return origin;
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // null is a value of T where the code gave it
  public T now() {
    if (released) {
      throw Ref.releasedError();
    }
    if (!(origin.raw() instanceof Copied)) {
      return origin.read(this);
    }
    synchronized (this) {
      if (copy == NONE) {
        copy = origin.read(this);
      }
      return (T) copy;
    }
  }

  @Override
  public boolean isDone() {
    return origin.isDone();
  }

  @Override
  public boolean cancel(CancelScope scope) {
    return origin.cancel(scope);
  }

  @Override
  public void release() {
    synchronized (this) {
      if (released) {
        return;
      }
      released = true;
      copy = null;
    }
    origin.viewReleased();
  }
}
