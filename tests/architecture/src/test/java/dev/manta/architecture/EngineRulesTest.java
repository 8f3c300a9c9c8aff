package dev.manta.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * DESIGN, "Layers": the engine has no sockets, no threads of its own and no clock, which are given
 * to it, so that it runs under a simulator.
 */
class EngineRulesTest {
  /** Classes that bring sockets, threads or a clock with them. */
  private static final Set<String> CLASSES =
      Set.of(
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.Runtime",
          "java.lang.ref.Cleaner",
          "java.time.Clock",
          "java.time.InstantSource",
          "java.util.Timer",
          "java.util.concurrent.Executors",
          "java.util.concurrent.ForkJoinPool",
          "java.util.concurrent.ScheduledThreadPoolExecutor",
          "java.util.concurrent.StructuredTaskScope",
          "java.util.concurrent.ThreadPoolExecutor",
          "java.util.concurrent.locks.LockSupport");

  /** A value, which opens nothing. */
  private static final Set<String> ALLOWED_CLASSES = Set.of("java.net.URI");

  private static final Set<String> METHODS =
      Set.of(
          "Object.wait",
          "System.currentTimeMillis",
          "System.nanoTime",
          "Thread.<init>",
          "Thread.ofPlatform",
          "Thread.ofVirtual",
          "Thread.sleep",
          "Thread.start",
          "Thread.startVirtualThread",
          "Thread.yield",
          "CompletableFuture.completeOnTimeout",
          "CompletableFuture.delayedExecutor",
          "CompletableFuture.orTimeout",
          "CompletableFuture.runAsync",
          "CompletableFuture.supplyAsync");

  /** Who does so all the same. */
  private static final Set<String> EXCEPTIONS =
      Set.of(
          // outside of calls, on the caller's own thread: it is no turn that could be given away
          "EngineProvider.sleep: Thread.sleep",
          "EngineProvider.yield: Thread.yield",
          // a mark that no thread equals; it is never started
          "Production.<clinit>: Thread.<init>");

  /** What a class of the engine must never be like. */
  @SuppressWarnings("unused") // read as a class file
  private static final class Culprit extends Thread {
    private final java.nio.channels.Channel channel = null;
    private final java.net.Socket socket = null;

    long now() {
      java.util.function.LongSupplier clock = System::nanoTime;
      Thread.ofVirtual().start(this);
      java.util.concurrent.Executors.newCachedThreadPool();
      return clock.getAsLong() + java.time.Instant.now().toEpochMilli();
    }
  }

  private static Set<String> forbiddenClasses(JavaClasses classes) {
    return classes
        .stream()
        .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
        .map(Dependency::getTargetClass)
        .filter(EngineRulesTest::isForbidden)
        .map(JavaClass::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean isForbidden(JavaClass type) {
    String name = type.getName();
    String folder = type.getPackageName();
    return !ALLOWED_CLASSES.contains(name)
        && (CLASSES.contains(name)
            || name.startsWith("java.lang.Thread$Builder")
            || folder.startsWith("java.net")
            || folder.startsWith("java.nio.channels"));
  }

  private static Set<String> forbiddenMethods(JavaClasses classes) {
    return classes
        .stream()
        .flatMap(EngineRulesTest::forbiddenIn)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> forbiddenIn(JavaClass type) {
    return type.getAccessesFromSelf()
        .stream()
        .filter(a -> isForbidden(a.getTarget()))
        .map(a -> describe(type, a));
  }

  private static boolean isForbidden(AccessTarget target) {
    return METHODS.contains(target.getOwner().getSimpleName() + "." + target.getName())
        || (target.getOwner().getPackageName().equals("java.time")
            && target.getName().equals("now"));
  }

  private static String describe(JavaClass type, JavaAccess<?> access) {
    return type.getSimpleName()
        + "."
        + access.getOrigin().getName()
        + ": "
        + access.getTarget().getOwner().getSimpleName()
        + "."
        + access.getTarget().getName();
  }

  private static Set<String> threads(JavaClasses classes) {
    return classes
        .stream()
        .filter(c -> c.isAssignableTo(Thread.class))
        .map(JavaClass::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** No sockets, pools and timers. */
  @Test
  void engine_usesNoClassThatBringsThreadsOrSockets() {
    assertThat(forbiddenClasses(Sources.ENGINE)).isEmpty();
  }

  /** No threads and no clock, but for what is listed, which is there. */
  @Test
  void engine_startsNoThreadsAndReadsNoClock() {
    assertThat(forbiddenMethods(Sources.ENGINE)).containsExactlyInAnyOrderElementsOf(EXCEPTIONS);
    assertThat(threads(Sources.ENGINE)).isEmpty();
  }

  /** The rules can fail. */
  @Test
  void rules_findACulprit() {
    JavaClasses culprit = new ClassFileImporter().importClasses(Culprit.class);

    Set<String> classes = forbiddenClasses(culprit);
    Set<String> methods = forbiddenMethods(culprit);

    assertThat(classes)
        .contains(
            "java.nio.channels.Channel", "java.net.Socket", "java.util.concurrent.Executors",
            "java.lang.Thread$Builder$OfVirtual");
    assertThat(methods)
        .contains(
            "Culprit.<init>: Thread.<init>", "Culprit.now: System.nanoTime",
            "Culprit.now: Thread.ofVirtual", "Culprit.now: Instant.now");
    assertThat(threads(culprit)).hasSize(1);
  }
}
