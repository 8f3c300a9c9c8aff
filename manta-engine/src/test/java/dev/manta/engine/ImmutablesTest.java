package dev.manta.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is shared instead of copied must be deeply immutable (CONTRACT 9: objects are immutable). */
class ImmutablesTest {
  record Point(int x, double y, String name) {}

  record Line(Point from, Point to) {}

  record WithList(int x, List<String> list) {}

  record WithArray(byte[] bytes) {}

  record WithObject(Object o) {}

  record Generic<T>(T value) {}

  record Chain(int x, Chain next) {}

  record WithNumber(BigInteger open) {}

  record WithOpenInterface(Runnable code) {}

  sealed interface Shape permits Circle, Square {}

  record Circle(double radius) implements Shape {}

  record Square(double side) implements Shape {}

  record Drawing(Shape shape) {}

  sealed interface Leaky permits Sound, Hole {}

  record Sound(int x) implements Leaky {}

  record Hole(int[] x) implements Leaky {}

  record LeakyHolder(Leaky leaky) {}

  record Ping(Pong other) {}

  record Pong(Ping other, int[] leak) {}

  enum WithBody {
    ONE {
      @Override
      int value() {
        return 1;
      }
    };

    abstract int value();
  }

  static final class LooksImmutable {
    final int x = 1;
  }

  static class EvilInteger extends BigInteger {
    private static final long serialVersionUID = 1L;
    int[] leak = {1};

    EvilInteger() {
      super("1");
    }
  }

  private static Stream<Class<?>> classes(Object... values) {
    return Stream.of(values).map(Object::getClass);
  }

  static Stream<Class<?>> immutable() {
    return classes(
        "s", 1, 2L, 3.0, 'c', true, Byte.MAX_VALUE, BigInteger.TEN, BigDecimal.ONE,
        UUID.randomUUID(),
        URI.create("a:b"), Locale.ROOT, OptionalInt.of(1), Duration.ZERO, Instant.EPOCH,
        LocalDate.EPOCH, ZonedDateTime.now(ZoneId.of("UTC")), String.class, StandardCharsets.UTF_8,
        TimeUnit.DAYS, WithBody.ONE, new Point(1, 2, "a"),
        new Line(new Point(1, 2, "a"), new Point(3, 4, "b")), new Chain(1, null),
        new Drawing(new Circle(1)));
  }

  @ParameterizedTest
  @MethodSource("immutable")
  void deeplyImmutable_isShared(Class<?> type) {
    assertThat(Immutables.isImmutable(type)).isTrue();
  }

  static Stream<Class<?>> mutable() {
    return classes(
        new ArrayList<>(), List.of(), Map.of(), Optional.of("x"), new int[0], new String[0],
        new Date(), new StringBuilder(), new AtomicInteger(), new Object(), new LooksImmutable(),
        new EvilInteger(), new WithList(1, List.of()), new WithArray(new byte[0]),
        new WithObject("s"), new Generic<>("s"), new WithNumber(BigInteger.ONE),
        new WithOpenInterface(null), new Hole(new int[0]), new LeakyHolder(new Sound(1)));
  }

  @ParameterizedTest
  @MethodSource("mutable")
  void whatMayChange_isNotShared(Class<?> type) {
    assertThat(Immutables.isImmutable(type)).isFalse();
  }

  /** Two records that refer to each other: the array in one makes both mutable, whichever is first. */
  @Test
  void recordsThatReferToEachOther_areDecidedAlike() {
    assertThat(Immutables.isImmutable(Ping.class)).isFalse();
    assertThat(Immutables.isImmutable(Pong.class)).isFalse();
  }

  /** An instance of a class counts; a variable of an open type may hold a subclass. */
  @Test
  void openTypes_areSharedByInstanceOnly() {
    assertThat(Immutables.isImmutable(BigInteger.class)).isTrue();
    assertThat(Immutables.isImmutableType(BigInteger.class)).isFalse();
    assertThat(Immutables.isImmutableType(Object.class)).isFalse();
    assertThat(Immutables.isImmutableType(Shape.class)).isTrue();
    assertThat(Immutables.isImmutableType(Leaky.class)).isFalse();
    assertThat(Immutables.isImmutableType(int.class)).isTrue();
    assertThat(Immutables.isImmutableType(TimeUnit.class)).isTrue();
  }

  /** A custom enum may have fields, but is one object in a JVM however it is passed. */
  @Test
  void enumConstantWithABody_isShared() {
    assertThat(Immutables.isImmutable(WithBody.ONE.getClass())).isTrue();
  }
}
