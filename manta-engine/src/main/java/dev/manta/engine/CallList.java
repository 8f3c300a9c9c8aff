package dev.manta.engine;

import org.jspecify.annotations.Nullable;

/** A doubly linked list of calls, oldest first; a call is in one list at most. Not thread-safe. */
final class CallList {
  private @Nullable Call<?> first;
  private @Nullable Call<?> last;
  private int size;

  void add(Call<?> call) {
    call.list = this;
    call.before = last;
    if (last == null) {
      first = call;
    } else {
      last.after = call;
    }
    last = call;
    size++;
  }

  void remove(Call<?> call) {
    if (call.list != this) {
      throw new AssertionError("not in this list");
    }
    Call<?> b = call.before;
    Call<?> a = call.after;
    if (b == null) {
      first = a;
    } else {
      b.after = a;
    }
    if (a == null) {
      last = b;
    } else {
      a.before = b;
    }
    call.before = null;
    call.after = null;
    call.list = null;
    size--;
  }

  @Nullable Call<?> first() {
    return first;
  }

  @Nullable Call<?> removeFirst() {
    Call<?> call = first;
    if (call != null) {
      remove(call);
    }
    return call;
  }

  int size() {
    return size;
  }
}
