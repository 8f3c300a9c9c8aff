package dev.manta.tck;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** The rules of the TCK, each as a test. One that the TCK itself gives up on is a failure. */
final class Rules {
  /* The TCK has names for rules that it can't check, and 1.11 is about several subscribers: our streams have one. */
  private static final List<String> NOT_FOR_US = List.of("untested_", "optional_spec111_");

  private static final int AT_LEAST = 25;

  private Rules() {}

  /** The rules on these streams. */
  static Stream<DynamicTest> on(StreamVerification<?> streams) {
    List<Method> rules =
        Arrays.stream(StreamVerification.class.getMethods())
            .filter(m -> m.isAnnotationPresent(org.testng.annotations.Test.class))
            .filter(m -> NOT_FOR_US.stream().noneMatch(m.getName()::startsWith))
            .sorted(Comparator.comparing(Method::getName))
            .toList();
    if (rules.size() < AT_LEAST) {
      throw new AssertionError("the TCK has more rules than " + rules);
    }
    return rules.stream().map(rule -> dynamicTest(rule.getName(), () -> check(rule, streams)));
  }

  private static void check(Method rule, StreamVerification<?> streams) throws Throwable {
    streams.setUp();
    try {
      rule.invoke(streams);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
