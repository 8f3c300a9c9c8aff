package dev.manta.runtime.codec;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.SimpleDateFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Currency;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Values of the JDK that are no collections. */
final class JdkValues {
  private static final LocalDateTime MOMENT =
      LocalDateTime.of(2026, 2, 28, 23, 59, 59, 999_999_999);

  private JdkValues() {}

  static Stream<Shape> all() {
    return Stream.of(numbersAndText(), times(), places(), mutables()).flatMap(s -> s);
  }

  private static Stream<Shape> numbersAndText() {
    return Stream.of(
        Shape.of("String", "text with \uD83D\uDC1F and \0"),
        Shape.of("empty String", ""),
        Shape.of("long String", "x".repeat(100_000)),
        Shape.of("Character", '\uFFFF'),
        Shape.of("Byte", Byte.MIN_VALUE),
        Shape.of("Short", Short.MIN_VALUE),
        Shape.of("Integer", Integer.MIN_VALUE),
        Shape.of("Long", Long.MIN_VALUE),
        Shape.of("Float", Float.NaN),
        Shape.of("Double", -0.0),
        Shape.of("Boolean", true),
        Shape.of("BigInteger", BigInteger.TWO.pow(500).negate()),
        Shape.of("BigDecimal", new BigDecimal("-1.2300E+50")),
        Shape.of("StringBuilder", new StringBuilder("built")).by(Object::toString),
        Shape.of("StringBuffer", new StringBuffer("built")).by(Object::toString),
        Shape.of("UUID", UUID.randomUUID()),
        Shape.of("Pattern", Pattern.compile("a+(b)", Pattern.CASE_INSENSITIVE))
            .by(p -> ((Pattern) p).pattern() + ((Pattern) p).flags()),
        Shape.of("Optional", Optional.of("x")),
        Shape.of("empty Optional", Optional.empty()),
        Shape.of("OptionalInt", OptionalInt.of(0)),
        Shape.of("empty OptionalLong", OptionalLong.empty()),
        Shape.of("OptionalDouble", OptionalDouble.of(0.5)),
        Shape.of("Currency", Currency.getInstance("EUR")),
        Shape.of("DecimalFormat", new DecimalFormat("#,##0.00")),
        Shape.of("Class", String.class),
        Shape.of("primitive Class", int.class),
        Shape.of("array Class", int[][].class),
        Shape.of("enum", java.util.concurrent.TimeUnit.DAYS));
  }

  private static Stream<Shape> times() {
    return Stream.of(
        Shape.of("Duration", Duration.ofNanos(-1)),
        Shape.of("Instant", Instant.MAX),
        Shape.of("LocalDate", LocalDate.MIN),
        Shape.of("LocalTime", LocalTime.MAX),
        Shape.of("LocalDateTime", MOMENT),
        Shape.of("ZonedDateTime", MOMENT.atZone(ZoneId.of("Europe/Berlin"))),
        Shape.of("OffsetDateTime", OffsetDateTime.of(MOMENT, ZoneOffset.ofHours(-3))),
        Shape.of("OffsetTime", OffsetTime.of(LocalTime.NOON, ZoneOffset.MAX)),
        Shape.of("ZonedDateTime at an offset", ZonedDateTime.of(MOMENT, ZoneOffset.UTC)),
        Shape.of("ZoneId", ZoneId.of("Asia/Kolkata")),
        Shape.of("ZoneOffset", ZoneOffset.ofTotalSeconds(12345)),
        Shape.of("Period", Period.of(1, -2, 3)),
        Shape.of("Year", Year.of(-5)),
        Shape.of("YearMonth", YearMonth.of(2026, 2)),
        Shape.of("MonthDay", MonthDay.of(2, 29)),
        Shape.of("Date", new Date(12345)),
        Shape.of("java.util.TimeZone", TimeZone.getTimeZone("Europe/Paris")),
        Shape.of("Calendar", calendar()),
        Shape.of("SimpleDateFormat", new SimpleDateFormat("yyyy-MM-dd", Locale.ROOT)));
  }

  private static Calendar calendar() {
    Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone("UTC"), Locale.ROOT);
    calendar.setTimeInMillis(98765);
    return calendar;
  }

  private static Stream<Shape> places() {
    return Stream.of(
        Shape.of("URI", URI.create("https://example.org:8080/a?b=c#d")),
        Shape.of("File", new File("/tmp/a b")),
        Shape.of("Path", Path.of("/tmp", "a b")),
        Shape.of("relative Path", Path.of("a", "..", "b")),
        Shape.of("Locale", Locale.GERMANY),
        Shape.of("Locale with extensions", Locale.forLanguageTag("de-CH-u-ca-gregory")),
        Shape.of("Locale with a script", Locale.forLanguageTag("zh-Hant-TW")),
        Shape.of("Charset", StandardCharsets.UTF_16BE),
        Shape.of("InetAddress", InetAddress.getLoopbackAddress()),
        Shape.of("InetSocketAddress", InetSocketAddress.createUnresolved("host", 80)),
        Shape.of("StackTraceElement", new Throwable().getStackTrace()[0]),
        Shape.of("StackTraceElement[]", new Throwable().getStackTrace()));
  }

  private static Stream<Shape> mutables() {
    Properties properties = new Properties(new Properties());
    properties.setProperty("k", "v");
    LongAdder adder = new LongAdder();
    adder.add(42);
    return Stream.of(
        Shape.of("AtomicInteger", new AtomicInteger(7)).by(Object::toString),
        Shape.of("AtomicLong", new AtomicLong(-7)).by(Object::toString),
        Shape.of("AtomicBoolean", new AtomicBoolean(true)).by(Object::toString),
        Shape.of("AtomicReference", new AtomicReference<>("x")).by(Object::toString),
        Shape.of("AtomicIntegerArray", new AtomicIntegerArray(new int[]{1, 2}))
            .by(Object::toString),
        Shape.of("LongAdder", adder).by(Object::toString),
        Shape.of("Properties", properties),
        Shape.memory("ByteBuffer", ByteBuffer.wrap(new byte[]{1, 2, 3, 4}).position(1).limit(3)),
        Shape.memory(
            "direct ByteBuffer",
            ByteBuffer.allocateDirect(4).order(ByteOrder.LITTLE_ENDIAN).putShort((short) 5)),
        Shape.memory("read-only ByteBuffer", ByteBuffer.wrap(new byte[]{1, 2}).asReadOnlyBuffer()),
        Shape.memory("empty ByteBuffer", ByteBuffer.allocate(0)),
        Shape.memory("slice of a ByteBuffer",
            ByteBuffer.wrap(new byte[]{1, 2, 3}).position(1).slice()),
        Shape.memory("large ByteBuffer", ByteBuffer.allocate(200_000).putInt(7).position(3)),
        Shape.memory("MemorySegment", MemorySegment.ofArray(new double[]{1, 2.5})),
        Shape.memory("empty MemorySegment", MemorySegment.ofArray(new byte[0])),
        Shape.memory("native MemorySegment", Arena.global().allocate(10, 2).fill((byte) 3)),
        Shape.memory("large MemorySegment",
            MemorySegment.ofArray(new long[30_000]).fill((byte) 3)));
  }
}
