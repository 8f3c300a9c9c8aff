package dev.manta.engine;

import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.Charset;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashSet;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * Knows the classes all of whose instances are deeply immutable: they are shared instead of copied.
 * Decided once a class.
 */
final class Immutables {
  private static final Set<Class<?>> KNOWN =
      Set.of(
          String.class,
          Boolean.class,
          Byte.class,
          Short.class,
          Character.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          Void.class,
          Class.class,
          BigInteger.class,
          BigDecimal.class,
          UUID.class,
          URI.class,
          Locale.class,
          OptionalInt.class,
          OptionalLong.class,
          OptionalDouble.class,
          Duration.class,
          Instant.class,
          LocalDate.class,
          LocalTime.class,
          LocalDateTime.class,
          ZoneOffset.class,
          ZonedDateTime.class,
          OffsetDateTime.class,
          OffsetTime.class,
          Period.class,
          Year.class,
          YearMonth.class,
          MonthDay.class,
          Month.class,
          DayOfWeek.class);

  /** Not final, and of the known ones the only such: an instance counts, a declared type does not. */
  private static final Set<Class<?>> OPEN = Set.of(BigInteger.class, BigDecimal.class);

  private static final ClassValue<Boolean> DECIDED =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return decide(type, new HashSet<>());
        }
      };

  private Immutables() {}

  /** Whether every object of exactly this class is deeply immutable. */
  static boolean isImmutable(Class<?> runtimeClass) {
    return runtimeClass == Integer.class
        || runtimeClass == Long.class
        || runtimeClass == String.class
        || runtimeClass == Boolean.class // without a look at the table: most results
        || DECIDED.get(runtimeClass);
  }

  /** Whether every object that a variable of this type can hold is deeply immutable. */
  static boolean isImmutableType(Class<?> declared) {
    return isImmutableType(declared, new HashSet<>());
  }

  private static boolean isImmutableType(Class<?> declared, Set<Class<?>> deciding) {
    if (declared.isPrimitive()) {
      return true;
    }
    if (OPEN.contains(declared)) {
      return false;
    }
    if (declared.isEnum() || Modifier.isFinal(declared.getModifiers())) {
      return decide(declared, deciding);
    }
    if (declared.isSealed() && (declared.isInterface() || isAbstract(declared))) {
      for (Class<?> permitted : declared.getPermittedSubclasses()) {
        if (!isImmutableType(permitted, deciding)) {
          return false;
        }
      }
      return true;
    }
    return false;
  }

  private static boolean isAbstract(Class<?> type) {
    return Modifier.isAbstract(type.getModifiers());
  }

  private static boolean decide(Class<?> type, Set<Class<?>> deciding) {
    if (KNOWN.contains(type) || Enum.class.isAssignableFrom(type) || type.isPrimitive()) {
      return true;
    }
    if (Charset.class.isAssignableFrom(type) && type.getClassLoader() == null) {
      return true;
    }
    if (Singletons.instance(type) != null) {
      return true;
    }
    if (!type.isRecord()) {
      return false;
    }
    if (!deciding.add(type)) {
      return true;
    }
    for (RecordComponent component : type.getRecordComponents()) {
      if (!isImmutableType(component.getType(), deciding)) {
        return false;
      }
    }
    return true;
  }
}
