package dev.manta.ecosystem;

import static dev.manta.LocalOptions.local;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.ObjectStream;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** An OpenTelemetry context and a logging context travel with calls and reach continuations. */
class ContextTest {
  private static final ContextKey<String> TRACE = ContextKey.named("trace");
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.manta.test.log");

  @AutoClose
  private final Manta manta =
      Manta.start(local().propagate(new OpenTelemetryContext()).propagate(new LoggingContext()));

  private final ActorRef<Greeter> greeter = manta.actor(Greeter::new);

  /** Both contexts as code sees them: "trace/user". */
  private static String seen() {
    return Context.current().get(TRACE) + "/" + MDC.get("user");
  }

  private static Context trace(String id) {
    return Context.current().with(TRACE, id);
  }

  @AfterEach
  void clear() {
    MDC.clear();
  }

  /** An actor's call sees the contexts of its caller. */
  @Test
  void call_seesTheCallersContexts() {
    ObjectRef<String> ref;

    try (Scope _ = trace("t1").makeCurrent(); var _ = MDC.putCloseable("user", "ada")) {
      ref = greeter.call(g -> seen());
    }

    assertThat(ref.get()).isEqualTo("t1/ada");
  }

  /** A task sees the contexts of the thread that submitted it. */
  @Test
  void task_seesTheSubmittersContexts() {
    ObjectRef<String> ref;

    try (Scope _ = trace("t1").makeCurrent(); var _ = MDC.putCloseable("user", "ada")) {
      ref = manta.submit(() -> seen());
    }

    assertThat(ref.get()).isEqualTo("t1/ada");
  }

  /** A call that was suspended has its contexts again, not those of the call between. */
  @Test
  void await_keepsEachCallsContexts() {
    ObjectRef<String> first;
    try (Scope _ = trace("t1").makeCurrent(); var _ = MDC.putCloseable("user", "ada")) {
      first = greeter.call(g -> seen() + " " + g.hold() + " " + seen());
    }
    ObjectRef<String> second;

    try (Scope _ = trace("t2").makeCurrent(); var _ = MDC.putCloseable("user", "grace")) {
      second =
          greeter.call(
              g -> {
                g.letGo("then");
                return seen();
              });
    }

    assertThat(first.get()).isEqualTo("t1/ada then t1/ada");
    assertThat(second.get()).isEqualTo("t2/grace");
  }

  /** Nothing is left behind for the next call on the same loop. */
  @Test
  void call_withoutContextsSeesNone() {
    try (Scope _ = trace("t1").makeCurrent(); var _ = MDC.putCloseable("user", "ada")) {
      greeter.run(g -> MDC.put("user", "changed")).get();
    }

    String after = greeter.call(g -> seen()).get();

    assertThat(after).isEqualTo("null/null");
  }

  /** A call of a call, and a task of it, are in the same contexts. */
  @Test
  void nestedCalls_seeTheFirstCallersContexts() {
    ActorRef<Greeter> outer = manta.actor(Greeter::new);
    ObjectRef<String> ref;

    try (Scope _ = trace("t1").makeCurrent(); var _ = MDC.putCloseable("user", "ada")) {
      ActorRef<Greeter> inner = greeter;
      ref =
          outer.call(
              g -> inner.call(i -> seen()).get() + " "
                  + Manta.current().submit(() -> seen()).get());
    }

    assertThat(ref.get()).isEqualTo("t1/ada t1/ada");
  }

  /** A continuation has the contexts of the thread that registered it, which has gone on. */
  @Test
  void continuation_seesTheContextsOfItsRegistration() {
    ObjectRef<String> held = greeter.call(Greeter::hold);
    CompletableFuture<String> seen;

    try (Scope _ = trace("t1").makeCurrent(); var _ = MDC.putCloseable("user", "ada")) {
      seen = held.thenApply(said -> said + " " + seen()).toCompletableFuture();
    }

    greeter.run(g -> g.letGo("go"));
    assertThat(seen.join()).isEqualTo("go t1/ada");
  }

  /** A continuation inside an actor's call likewise. */
  @Test
  void continuationInACall_seesTheCallsContexts() {
    ObjectRef<String> ref;

    try (Scope _ = trace("t1").makeCurrent(); var _ = MDC.putCloseable("user", "ada")) {
      ActorRef<Greeter> other = greeter;
      ref =
          manta.actor(Greeter::new)
              .callAsync(g -> other.call(Greeter::hold).thenApply(said -> said + " " + seen()));
    }

    greeter.call(Greeter::held).get();
    greeter.run(g -> g.letGo("go"));
    assertThat(ref.get()).isEqualTo("go t1/ada");
  }

  /** The producer of a stream, blocking code off the turn and a threaded actor likewise. */
  @Test
  void otherThreads_seeTheCallersContexts() {
    ActorRef<Greeter> threaded = manta.actor(ActorOptions.threaded(2), Greeter::new);
    ObjectStream<String> stream;
    ObjectRef<String> blocking;
    ObjectRef<String> parallel;

    try (Scope _ = trace("t1").makeCurrent(); var _ = MDC.putCloseable("user", "ada")) {
      stream = greeter.stream(g -> Stream.generate(() -> seen()).limit(2));
      blocking = greeter.call(g -> Manta.blocking(() -> seen()));
      parallel = threaded.call(g -> seen());
    }

    assertThat(stream).containsExactly("t1/ada", "t1/ada");
    assertThat(blocking.get()).isEqualTo("t1/ada");
    assertThat(parallel.get()).isEqualTo("t1/ada");
  }

  /** A line that is logged in a call has the caller's logging context. */
  @Test
  void logLine_hasTheCallersContext() {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    LOG.addAppender(lines);

    try (Scope _ = trace("t1").makeCurrent(); var _ = MDC.putCloseable("user", "ada")) {
      greeter.run(g -> LOG.warn("in the call")).get();
    } finally {
      LOG.detachAppender(lines);
    }

    assertThat(lines.list)
        .singleElement()
        .satisfies(line -> assertThat(line.getMDCPropertyMap()).containsEntry("user", "ada"));
  }

  /** The thread that submits keeps its own contexts. */
  @Test
  void caller_keepsItsContexts() {
    try (Scope _ = trace("t1").makeCurrent(); var _ = MDC.putCloseable("user", "ada")) {
      greeter.run(g -> MDC.put("user", "changed")).get();

      assertThat(seen()).isEqualTo("t1/ada");
    }
    assertThat(List.of(seen())).containsExactly("null/null");
  }
}
