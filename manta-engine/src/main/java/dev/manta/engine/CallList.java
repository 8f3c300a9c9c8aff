package dev.manta.engine;

import org.jspecify.annotations.Nullable;

/** A doubly linked list of calls, oldest first; a call is in one list at most. */
final class CallList {
  /** Whose list it is, and whose monitor guards it. */
  final Incarnation owner;

  private @Nullable Call<?> first;
  private @Nullable Call<?> last;

  CallList(Incarnation owner) {
    this.owner = owner;
  }

  void add(Call<?> call) {
    call.list = this;
    call.before = last;
    if (last == null) {
      first = call;
    } else {
      last.after = call;
    }
    last = call;
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
  }

  @Nullable Call<?> first() {
    return first;
  }

  @Nullable Call<?> last() {
    return last;
  }

  @Nullable Call<?> removeFirst() {
    Call<?> call = first;
    if (call != null) {
      remove(call);
    }
    return call;
  }

  /** Takes all calls out and links them as items of a mailbox, before {@code tail}. */
  @Nullable Item drainBefore(@Nullable Item tail) {
    Item head = tail;
    for (Call<?> call = last; call != null; call = last) {
      remove(call);
      call.next = head;
      head = call;
    }
    return head;
  }
}
