package dev.manta.runtime.codec;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Classes such as users write. */
final class UserShapes {
  private UserShapes() {}

  record Holder(String before, Object held, String after) {}

  record Point(int x, int y) {}

  record Empty() {}

  record Generic<T>(T value, List<T> more) {}

  record Checked(int positive) {
    Checked {
      if (positive <= 0) {
        throw new IllegalArgumentException("not positive");
      }
    }
  }

  record Wide(boolean a, byte b, short c, char d, int e, long f, float g, double h, int[] i) {
    @Override
    public boolean equals(Object o) {
      return o instanceof Wide w && w.toString().equals(toString());
    }

    @Override
    public int hashCode() {
      return e;
    }

    @Override
    public String toString() {
      return "" + a + b + c + d + e + f + g + h + Arrays.toString(i);
    }
  }

  enum Mood {
    CALM,
    WILD {
      @Override
      int level() {
        return 9;
      }
    };

    int level() {
      return 0;
    }
  }

  sealed interface Event permits Opened, Closed {}

  record Opened(Instant at) implements Event {}

  record Closed(Instant at, Optional<String> why) implements Event {}

  /** Private fields, final ones, no constructor without arguments, a superclass, a nested enum. */
  static class Base {
    private final String name;

    Base(String name) {
      this.name = Objects.requireNonNull(name);
    }
  }

  static final class Account extends Base {
    private final long balance;
    private final Mood mood;
    private Map<String, List<Point>> history = new HashMap<>();
    private transient String cache = "computed";

    Account(String name, long balance, Mood mood) {
      super(name);
      this.balance = balance;
      this.mood = mood;
      history.put("k", new ArrayList<>(List.of(new Point(1, 2))));
    }

    Object seen() {
      return List.of(((Base) this).name, balance, mood, history);
    }

    String cache() {
      return cache;
    }
  }

  /** A field of the same name in a class and its superclass. */
  static class Shadowed {
    private int value = 1;
  }

  static final class Shadowing extends Shadowed {
    private int value = 2;

    Object seen() {
      return List.of(value, ((Shadowed) this).value);
    }

    Shadowing change() {
      value = 20;
      ((Shadowed) this).value = 10;
      return this;
    }
  }

  /** Its own serialized form. */
  static final class OwnForm implements Serializable {
    private static final long serialVersionUID = 1L;
    private transient int secret;

    OwnForm(int secret) {
      this.secret = secret;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      out.writeInt(secret + 1);
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      secret = in.readInt() - 1;
    }
  }

  /** Replaced by another object in its serialized form. */
  static final class Replaced implements Serializable {
    private static final long serialVersionUID = 1L;
    private final int value;

    Replaced(int value) {
      this.value = value;
    }

    private Object writeReplace() {
      return new Form(value);
    }

    private record Form(int value) implements Serializable {
      private Object readResolve() {
        return new Replaced(value);
      }
    }
  }

  static final class Names extends ArrayList<String> {
    private static final long serialVersionUID = 1L;
    private String label = "none";

    Names label(String with) {
      label = with;
      return this;
    }

    String label() {
      return label;
    }
  }

  interface Adder extends Serializable {
    int add(int n);
  }

  private static boolean addAlike(Object a, Object b) {
    return a != b && ((Adder) a).add(-3) == ((Adder) b).add(-3);
  }

  static Stream<Shape> all() {
    Names names = new Names().label("some");
    names.add("x");
    int captured = names.size() + 40;
    Adder adder = n -> n + captured;
    return Stream.of(
        Shape.of("record", new Point(1, -2)),
        Shape.of("empty record", new Empty()),
        Shape.of("generic record", new Generic<>("a", List.of("b"))),
        Shape.of("record with null", new Generic<>(null, null)),
        Shape.of("checked record", new Checked(1)),
        Shape.of("wide record",
            new Wide(true, (byte) 1, (short) 2, 'c', 3, 4, 5f, 6d, new int[]{7})),
        Shape.of("record with an array", new Holder("a", null, "b")),
        Shape.of("enum", Mood.CALM),
        Shape.of("enum constant with a body", Mood.WILD),
        Shape.of("sealed record", new Closed(Instant.EPOCH, Optional.of("why"))),
        Shape.of("list of sealed records",
            new ArrayList<Event>(List.of(new Opened(Instant.MAX), new Closed(Instant.MIN,
                Optional.empty())))),
        Shape.of("class with private fields", new Account("n", 5, Mood.WILD))
            .by(a -> ((Account) a).seen()),
        Shape.of("field hidden by a subclass", new Shadowing().change())
            .by(s -> ((Shadowing) s).seen()),
        Shape.of("class with its own form", new OwnForm(42)).by(o -> ((OwnForm) o).secret),
        Shape.of("class with a replacement", new Replaced(42)).by(o -> ((Replaced) o).value),
        Shape.of("subclass of a list", names).by(n -> n + ((Names) n).label()),
        new Shape("serializable lambda", adder, UserShapes::addAlike),
        new Shape("serializable method reference", (Adder) Math::abs, UserShapes::addAlike),
        Shape.of("class of a user", Account.class));
  }
}
