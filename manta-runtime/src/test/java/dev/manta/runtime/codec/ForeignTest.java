package dev.manta.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.manta.engine.Block;
import dev.manta.engine.Boundary;
import dev.manta.engine.NotCopyableException;
import dev.manta.engine.Portable;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamConstants;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that came from another process, which may be broken. */
class ForeignTest {
  private static final Boundary PLAIN =
      new Boundary() {
        @Override
        public boolean isHandle(Object object) {
          return false;
        }

        @Override
        public String refusal(Object object) {
          return null;
        }

        @Override
        public Object onDecode(Object handle) {
          return handle;
        }
      };

  private final KryoCodec codec = new KryoCodec();

  private Portable pack(Object value) {
    return codec.pack(codec.encode(value, PLAIN));
  }

  private static byte[] bytes(Portable portable) {
    return portable.bytes().view().toArray(ValueLayout.JAVA_BYTE);
  }

  private static Portable changed(Portable p, byte[] bytes) {
    return new Portable(
        p.form(), Block.of(MemorySegment.ofArray(bytes)), p.blocks(), List.of(), p.classes());
  }

  private Object unpack(Portable portable) {
    return codec.decode(codec.unpack(portable), PLAIN);
  }

  private NotCopyableException refused(Portable portable) {
    return catchThrowableOfType(NotCopyableException.class, () -> unpack(portable));
  }

  /** What writes itself by the JDK's serialization. */
  static final class Own implements Serializable {
    private static final long serialVersionUID = 1L;
    private Object held;

    Own(Object held) {
      this.held = held;
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
    }
  }

  enum Many {
    A, B, C
  }

  @Test
  void valuesOfAllKinds_arriveWhole() {
    List<Object> values =
        new ArrayList<>(
            List.of(
                new int[]{1, 2}[1], Locale.GERMANY, Many.C, EnumSet.of(Many.B, Many.C),
                java.sql.Timestamp.valueOf("2026-01-02 03:04:05.999999999"),
                java.time.Duration.ofNanos(999_999_999), java.time.LocalDate.of(999_999, 1, 1),
                new TreeMap<>(Map.of("a", 1)), new HashMap<>(Map.of("b", 2)),
                new java.util.PriorityQueue<>(List.of(3, 1, 2)).peek()));

    List<?> copies = (List<?>) unpack(pack(values));
    for (int i = 0; i < values.size(); i++) {
      assertThat(copies.get(i)).isEqualTo(values.get(i));
    }
    Own own = (Own) unpack(pack(new Own(new HashMap<>(Map.of("k", List.of(1, 2, 3))))));
    assertThat(own.held).isEqualTo(Map.of("k", List.of(1, 2, 3)));
    IllegalStateException error = new IllegalStateException("x", new IOException("y"));
    assertThat((Throwable) unpack(pack(error)))
        .isInstanceOf(IllegalStateException.class)
        .hasCauseInstanceOf(IOException.class);
  }

  /** A class of the JDK that does things, in the table of classes or only in the JDK's stream. */
  @ParameterizedTest
  @ValueSource(
      strings = {
          "java.lang.ProcessBuilder", "java.lang.invoke.SerializedLambda",
          "java.lang.reflect.Proxy", "javax.management.BadAttributeValueExpException",
          "java.net.URLClassLoader"})
  void classThatIsNoData_isRefused(String name) {
    Portable good = pack(new Own(new ArrayList<>(List.of("x"))));
    List<String> classes =
        good.classes().stream().map(c -> c.equals("java.util.ArrayList") ? name : c).toList();
    assertThat(classes).contains(name);

    assertThat(refused(new Portable(good.form(), good.bytes(), List.of(), List.of(), classes)))
        .hasMessageContaining("may not come from another process");
  }

  /** The stream names one class, the table gives another one. */
  @Test
  void streamWithTheClassOfAnother_isRefused() {
    Portable good = pack(new Own(new ArrayList<>(List.of("x"))));
    List<String> classes =
        good.classes()
            .stream()
            .map(c -> c.equals("java.util.ArrayList") ? "java.util.LinkedList" : c)
            .toList();

    assertThat(refused(new Portable(good.form(), good.bytes(), List.of(), List.of(), classes)))
        .hasMessageContaining("java.util.ArrayList");
  }

  /** An array of 2 billion elements in a few bytes. */
  @Test
  void streamWithAHugeArray_isRefusedBeforeItTakesMemory() throws IOException {
    Portable good = pack(new Own(new long[]{0x1122334455667788L}));
    byte[] bytes = bytes(good);
    int at = indexOf(bytes, new byte[]{0x11, 0x22, 0x33, 0x44}) - 4;
    bytes[at] = 0x7f;

    assertThat(
        refused(changed(good, bytes)))
        .hasMessageContaining("REJECTED");
  }

  private static int indexOf(byte[] in, byte[] what) {
    for (int i = 0; i <= in.length - what.length; i++) {
      if (Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
        return i;
      }
    }
    throw new AssertionError("not there");
  }

  /** A stream of another kind than its table says: a class that the table lacks. */
  @Test
  void streamThatIsWrittenByHand_isRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DataOutputStream to = new DataOutputStream(out);
    to.writeShort(ObjectStreamConstants.STREAM_MAGIC);
    to.writeShort(ObjectStreamConstants.STREAM_VERSION);
    to.writeByte(ObjectStreamConstants.TC_OBJECT);
    to.writeByte(ObjectStreamConstants.TC_CLASSDESC);
    to.writeUTF("java.util.ArrayList");
    to.writeLong(ObjectStreamClass.lookup(ArrayList.class).getSerialVersionUID());
    to.writeByte(3);
    to.writeShort(0);
    to.writeByte(ObjectStreamConstants.TC_BLOCKDATA);
    to.writeByte(4);
    to.writeInt(77);
    to.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
    to.writeByte(ObjectStreamConstants.TC_NULL);
    byte[] stream = out.toByteArray();
    Portable good = pack(new Own("x"));
    byte[] head = Arrays.copyOf(bytes(good), indexOf(bytes(good), new byte[]{(byte) 0xac}));
    assertThat(head[head.length - 1] & 0xff).isGreaterThan(stream.length);
    head[head.length - 2] = (byte) (stream.length | 0x80);
    head[head.length - 1] = 0;
    byte[] all = Arrays.copyOf(head, head.length + stream.length);
    System.arraycopy(stream, 0, all, head.length, stream.length);

    assertThat(
        refused(changed(good, all)))
        .isNotNull();
  }

  record Pair(int one, int other) {}

  /** As of a record that has a further component where it was sent. */
  @Test
  void bytesThatAreLeft_areRefused_namingTheClasses() {
    Portable pair = pack(new Pair(1, 2));

    Portable longer = changed(pair, Arrays.copyOf(bytes(pair), bytes(pair).length + 1));

    assertThat(refused(longer)).hasMessageContaining("another version")
        .hasMessageContaining(Pair.class.getName());
  }

  /** Kryo would take memory by what a length says. */
  @Test
  void lengthBeyondTheBytes_isRefused() {
    for (Object value : List.of(new Object[]{"a"}, List.of("a"), new ArrayList<>(List.of("a")))) {
      Portable good = pack(value);
      byte[] huge = {
          bytes(good)[0], bytes(good)[1], bytes(good)[2], -1, -1, -1, -1, 7};
      assertThatThrownBy(
          () -> unpack(
              changed(good, huge)))
          .isInstanceOf(NotCopyableException.class);
    }
  }

  /**
   * Arrays and collections in each other, each of which says that it has half as many elements as
   * there are bytes, and would take the memory for them before the next one is read.
   */
  @ParameterizedTest
  @ValueSource(strings = {"array", "list", "fixed list", "map", "JDK's stream"})
  void nestedLengths_takeNoMoreMemoryThanTheBytes(String kind) {
    Object nested = "end";
    for (int i = 0; i < 400; i++) {
      nested =
          switch (kind) {
            case "list" -> new ArrayList<>(List.of(nested));
            case "fixed list" -> List.of(nested, 1, 2);
            case "map" -> new HashMap<>(Map.of("k", nested));
            default -> new Object[]{nested};
          };
    }
    String padding = "x".repeat(PADDING);
    Portable good =
        pack(
            kind.equals("JDK's stream")
                ? new Own(new Object[]{nested, padding})
                : List.of(nested, padding));
    assertThat(unpack(good)).isNotNull();
    byte[] bytes =
        switch (kind) {
          case "list" -> replaced(bytes(good), "82", "e0843d");
          case "JDK's stream" -> replaced(bytes(good), "0000000175", "0007a12075");
          case "fixed list" -> replaced(bytes(good), "01010103", "010101a0c21e");
          default -> replaced(bytes(good), "01010102", "010101a0c21e");
        };
    Portable bad = changed(good, bytes);

    var threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThat(refused(bad)).isNotNull();
    long taken = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(taken).isLessThan(50L * bytes.length);
  }

  private static final int PADDING = 1_000_000;

  /** With some bytes in the place of others, but for the padding. */
  private static byte[] replaced(byte[] in, String what, String by) {
    java.util.HexFormat hex = java.util.HexFormat.of();
    String start = hex.formatHex(in, 0, in.length - PADDING);
    StringBuilder out = new StringBuilder();
    int count = 0;
    for (int i = 0; i < start.length(); i += 2) {
      if (start.startsWith(what, i)) {
        out.append(by);
        i += what.length() - 2;
        count++;
      } else {
        out.append(start, i, i + 2);
      }
    }
    assertThat(count).as("lengths").isGreaterThan(100);
    byte[] head = hex.parseHex(out);
    byte[] all = Arrays.copyOf(head, head.length + PADDING);
    System.arraycopy(in, in.length - PADDING, all, head.length, PADDING);
    return all;
  }

  /** Any bytes give a value or one kind of error. */
  @Test
  void changedBytes_giveAValueOrATypedError() {
    List<Portable> good =
        List.of(
            pack(new Own(Map.of("k", List.of(1, 2)))), pack(new IllegalStateException("x")),
            pack(new ArrayList<>(List.of("a", Locale.GERMANY, Many.A))), pack(new Object[]{1, "b"}),
            pack(new long[]{1, 2}));
    for (long seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      Portable p = good.get(random.nextInt(good.size()));
      byte[] bytes = bytes(p).clone();
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        Object _ =
            unpack(changed(p, bytes));
      } catch (NotCopyableException e) {
        // typed
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }
}
