package dev.manta.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Whose code it is that holds a turn. */
class WatchdogTest {
  /** The innermost first. */
  private static boolean isOwnCode(String... classes) {
    return Watchdog.isOwnCode(
        Arrays.stream(classes)
            .map(name -> new StackTraceElement(name, "run", null, 1))
            .toArray(StackTraceElement[]::new));
  }

  @Test
  void codeOfTheProgram_isReported() {
    assertThat(
        isOwnCode(
            "java.lang.Thread", "com.example.Slow", "dev.manta.engine.Body",
            "dev.manta.engine.TurnRunner", "java.lang.VirtualThread"))
        .isFalse();
  }

  /** As in {@code actor.call(LinkedBlockingQueue::take)}. */
  @Test
  void functionOfTheJdk_isReported() {
    assertThat(
        isOwnCode(
            "jdk.internal.misc.Unsafe", "java.util.concurrent.LinkedBlockingQueue",
            "dev.manta.engine.Body", "dev.manta.engine.TurnRunner", "java.lang.VirtualThread"))
        .isFalse();
  }

  /** The program has given it something large. */
  @Test
  void codeOfMantaThatTheProgramCalls_isReported() {
    assertThat(
        isOwnCode(
            "dev.manta.runtime.codec.Machine", "dev.manta.engine.Engine", "com.example.Slow",
            "dev.manta.engine.Body", "dev.manta.engine.TurnRunner"))
        .isFalse();
  }

  @Test
  void codeOfMantaAlone_isNotReported() {
    assertThat(
        isOwnCode(
            "java.lang.invoke.MethodHandles", "dev.manta.engine.FunctionCode",
            "dev.manta.engine.Parcel", "dev.manta.engine.Body", "dev.manta.engine.TurnRunner",
            "java.lang.VirtualThread"))
        .isTrue();
  }

  /** It has ended, or only begins. */
  @Test
  void noCodeAtAll_isReported() {
    assertThat(isOwnCode()).isFalse();
  }
}
