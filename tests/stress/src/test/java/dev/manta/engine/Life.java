package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.RemoteFunction;
import dev.manta.RemoteSupplier;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** An actor whose turns run on the threads of the test. */
class Life {
  private static final RemoteSupplier<Object> CONSTRUCTOR = Object::new;

  final ActorCell cell;

  /** What its turns write, in a plain field. */
  int count;

  private final ActorHandle<Object> handle;

  Life(ActorOptions options) {
    cell =
        new ActorCell(
            InlineHost.ENGINE,
            1,
            options,
            new Capture.Captured(CONSTRUCTOR, CONSTRUCTOR, List.of(), 0, null));
    cell.current().watched = true;
    handle = cell.firstHandle();
    cell.start();
  }

  /** A call that has entered and is not submitted. */
  final Call<Integer> entered(Body.Internal code) {
    return entered(code, Body.INTERNAL);
  }

  private Call<Integer> entered(Object function, Body body) {
    Call<Integer> call = new Call<>(handle, function, body, 0, 0);
    call.markSeen();
    cell.pending.enter(0);
    return call;
  }

  /** Submits a call. */
  final Call<Integer> call(Body.Internal code) {
    Call<Integer> call = entered(code);
    cell.submit(call);
    return call;
  }

  /** Submits a call that ends when a stage does. */
  final Call<Integer> callAsync(RemoteFunction<Object, CompletionStage<Integer>> code) {
    Call<Integer> call = entered(code, Body.CALL_ASYNC);
    cell.submit(call);
    return call;
  }

  /** A call that counts. */
  final int counts() {
    count++;
    return count;
  }

  /** What must be true when nothing is left to do. */
  final String rest() {
    long pending = cell.pending.calls();
    if (pending != 0) {
      return pending + " pending";
    }
    return cell.current().isHeld() ? "held" : "idle";
  }
}
