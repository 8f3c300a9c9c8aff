package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.TaskFailedException;
import dev.manta.behaviours.support.Errors;
import dev.manta.behaviours.support.WithManta;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** R1, CONTRACT 15: errors say everything. */
@ExtendWith(WithManta.class)
class ErrorsTest {
  /** An application's own exception. */
  static final class OutOfStock extends Exception {
    private static final long serialVersionUID = 1L;
    private final int left;

    OutOfStock(String what, int left, Throwable cause) {
      super(what, cause);
      this.left = left;
    }
  }

  /** An exception that can't be copied: it holds a thread. */
  static final class Unsendable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    @SuppressWarnings("unused") // it is there to be in the way
    private final Thread thread = Thread.currentThread();

    Unsendable(String message) {
      super(message);
    }
  }

  /** An exception whose own methods throw. */
  static final class Malicious extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("getMessage throws");
    }

    @Override
    public String toString() {
      throw new IllegalStateException("toString throws");
    }
  }

  /** Throws. */
  static final class Shop {
    int sell(String what) throws OutOfStock {
      try {
        return fetch(what);
      } catch (IOException e) {
        throw new OutOfStock(what, 3, e);
      }
    }

    private static int fetch(String what) throws IOException {
      throw new IOException("shelf of " + what + " is empty");
    }

    int sellUnsendably() {
      throw new Unsendable("held by a thread");
    }

    int sellMaliciously() {
      throw new Malicious();
    }

    int sellFailing(Error error) {
      throw error;
    }

    int one() {
      return 1;
    }
  }

  /** R1. */
  @Test
  void applicationsError_isTheCause_withClassMessageFieldsAndRootCause(Manta manta) {
    ActorRef<Shop> shop = manta.actor(Shop::new);

    TaskFailedException error =
        Errors.of(shop.call(s -> s.sell("tea")), TaskFailedException.class);

    assertThat(error).cause().isInstanceOf(OutOfStock.class).hasMessage("tea");
    assertThat(((OutOfStock) error.getCause()).left).isEqualTo(3);
    assertThat(error)
        .rootCause()
        .isInstanceOf(IOException.class)
        .hasMessage("shelf of tea is empty");
    assertThat(error).hasMessageContaining("Shop").hasMessageContaining("sell");
  }

  /** CONTRACT 15: the remote stack and the caller's call site. */
  @Test
  void error_hasTheRemoteStackAndTheCallSite(Manta manta) {
    ActorRef<Shop> shop = manta.actor(Shop::new);

    TaskFailedException error =
        Errors.of(shop.call(s -> s.sell("tea")), TaskFailedException.class);

    assertThat(error.getCause().getStackTrace()[0].getMethodName()).isEqualTo("sell");
    assertThat(error.getCause().getCause().getStackTrace()[0].getMethodName()).isEqualTo("fetch");
    StringWriter printed = new StringWriter();
    error.printStackTrace(new PrintWriter(printed, true));
    assertThat(printed.toString())
        .contains("ErrorsTest.java")
        .contains("error_hasTheRemoteStackAndTheCallSite")
        .contains("fetch")
        .contains("shelf of tea is empty");
  }

  /** CONTRACT 15 for tasks. */
  @Test
  void errorOfATask_hasTheSame(Manta manta) {
    TaskFailedException error =
        Errors.of(manta.submit(() -> new Shop().sell("tea")), TaskFailedException.class);

    assertThat(error).cause().isInstanceOf(OutOfStock.class).hasMessage("tea");
    assertThat(error.getCause().getStackTrace()[0].getMethodName()).isEqualTo("sell");
    assertThat(error.getStackTrace()[0].getFileName()).isEqualTo("ErrorsTest.java");
  }

  /** R1: what can't be copied arrives as a description with the stack. */
  @Test
  void errorThatCanNotBeCopied_arrivesAsADescriptionWithTheStack(Manta manta) {
    ActorRef<Shop> shop = manta.actor(Shop::new);

    TaskFailedException error =
        Errors.of(shop.call(Shop::sellUnsendably), TaskFailedException.class);

    assertThat(error).hasMessageContaining("Unsendable").hasMessageContaining("held by a thread");
    assertThat(error.getCause()).isNotNull();
    assertThat(error.getCause().toString())
        .contains("Unsendable")
        .contains("held by a thread");
    assertThat(error.getCause().getStackTrace()[0].getMethodName()).isEqualTo("sellUnsendably");
    assertThat(shop.call(Shop::one).get()).isEqualTo(1);
  }

  /** R1: an error that fights back still ends its call. */
  @Test
  void errorWhoseMethodsThrow_endsTheCall_andTheActorGoesOn(Manta manta) {
    ActorRef<Shop> shop = manta.actor(Shop::new);

    TaskFailedException error =
        Errors.of(shop.call(Shop::sellMaliciously), TaskFailedException.class);

    assertThat(error).hasMessageContaining("Malicious");
    assertThat(shop.call(Shop::one).get()).isEqualTo(1);
    assertThat(
        Errors.of(manta.submit(() -> new Shop().sellMaliciously()), TaskFailedException.class))
        .hasMessageContaining("Malicious");
  }

  /** CONTRACT 14: errors of the JVM and assertions are application errors to the caller. */
  @Test
  void errorsThatAreNoExceptions_failTheCallAlone(Manta manta) {
    ActorRef<Shop> shop = manta.actor(Shop::new);

    for (Error thrown : new Error[]{new AssertionError("no"), new NoClassDefFoundError("gone")}) {
      TaskFailedException error =
          Errors.of(shop.call(s -> s.sellFailing(thrown)), TaskFailedException.class);
      assertThat(error).cause().isInstanceOf(thrown.getClass()).hasMessage(thrown.getMessage());
    }

    assertThat(shop.call(Shop::one).get()).isEqualTo(1);
  }

  /** R1: a thrown exception is a copy: the actor's own object stays its own. */
  @Test
  void error_isACopy(Manta manta) {
    IllegalStateException mine = new IllegalStateException("mine");

    TaskFailedException error =
        Errors.of(
            manta.submit(
                () -> {
                  throw mine;
                }),
            TaskFailedException.class);

    assertThat(error.getCause()).isNotSameAs(mine).hasMessage("mine");
  }

  /** R1: cycles and suppressed exceptions survive. */
  @Test
  void suppressedErrors_arriveToo(Manta manta) {
    TaskFailedException error =
        Errors.of(
            manta.submit(
                () -> {
                  Exception main = new Exception("main");
                  main.addSuppressed(new IOException("while closing"));
                  throw main;
                }),
            TaskFailedException.class);

    assertThat(error.getCause().getSuppressed()[0])
        .isInstanceOf(IOException.class)
        .hasMessage("while closing");
  }

  /** A6: direct dependents see the error itself; those derived see it wrapped, as the JDK's. */
  @Test
  void dependents_seeTheSameError(Manta manta) {
    ObjectRef<Integer> failing =
        manta.submit(
            () -> {
              throw new IOException("disk");
            });
    CompletableFuture<Throwable> direct = new CompletableFuture<>();
    CompletableFuture<Throwable> derived = new CompletableFuture<>();

    failing.whenComplete((v, e) -> direct.complete(e));
    failing.thenApply(v -> v + 1).whenComplete((v, e) -> derived.complete(e));

    TaskFailedException error = Errors.of(failing, TaskFailedException.class);
    assertThat(direct.join()).isSameAs(error);
    assertThat(derived.join()).isInstanceOf(CompletionException.class).cause().isSameAs(error);
  }
}
