package dev.manta.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.LocalOptions;
import dev.manta.ObjectRef;
import dev.manta.RemoteSupplier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A function is taken with its captures as they are at its submission; refusals name the variable. */
class CaptureTest {
  private final Engine engine = new Engine(idleHost(), new ListCodec(), LocalOptions.local());
  private final StringBuilder builder = new StringBuilder();

  private static Host idleHost() {
    return (Host) Proxy.newProxyInstance(
        CaptureTest.class.getClassLoader(),
        new Class<?>[]{Host.class},
        (proxy, method, args) -> {
          if (method.getName().equals("events")) {
            return Events.NONE;
          }
          throw new UnsupportedOperationException(method.getName());
        });
  }

  /** Copies lists; refuses builders, with the path that a codec gives. */
  private static final class ListCodec implements Codec {
    private record Values(@Nullable Object value, long size) implements Encoded {}

    @Override
    public Encoded encode(@Nullable Object value, Boundary boundary) {
      return new Values(copy("", value), 8);
    }

    @Override
    public @Nullable Object decode(Encoded encoded, Boundary boundary) {
      return copy("", ((Values) encoded).value);
    }

    private static @Nullable Object copy(String path, @Nullable Object value) {
      if (value instanceof StringBuilder) {
        throw new NotCopyableException(path, "builders are not for copying");
      }
      if (value instanceof Object[] array) {
        Object[] copy = array.clone();
        Arrays.setAll(copy, i -> copy(path + "[" + i + "]", array[i]));
        return copy;
      }
      if (value instanceof List<?> list) {
        List<Object> copy = new ArrayList<>();
        list.forEach(e -> copy.add(copy(path + ".element", e)));
        return copy;
      }
      return value;
    }
  }

  private Capture.Captured take(RemoteSupplier<?> function) {
    return Capture.take(engine, function);
  }

  private static Object run(Object function) throws Exception {
    return ((RemoteSupplier<?>) function).get();
  }

  @Test
  void functionWithoutCaptures_isRunAsItIs() {
    RemoteSupplier<Integer> f = () -> 5;

    Capture.Captured captured = take(f);

    assertThat(captured.function()).isSameAs(f);
    assertThat(captured.size()).isZero();
    assertThat(Capture.isShared(f)).isTrue();
  }

  /** A change after the submission does not reach the receiver, nor its changes the submitter. */
  @Test
  void capturedList_isCopiedAtSubmission() throws Exception {
    List<String> list = new ArrayList<>(List.of("before"));
    RemoteSupplier<Object> f =
        () -> {
          list.add("receiver");
          return list.toString();
        };

    Capture.Captured captured = take(f);
    list.add("submitter");

    assertThat(run(captured.function())).isEqualTo("[before, receiver]");
    assertThat(list).containsExactly("before", "submitter");
    assertThat(captured.size()).isPositive();
  }

  /** CONTRACT 3: a further attempt starts from the values of the submission. */
  @Test
  void again_hasFreshCopies() throws Exception {
    List<String> list = new ArrayList<>(List.of("a"));
    Capture.Captured captured = take(() -> list.remove(0) + list.size());
    run(captured.function());

    Object second = captured.again(engine);

    assertThat(run(second)).isEqualTo("a0");
  }

  @Test
  void capturedRef_isADependencyAndPassedAsTheReceiversOwn() throws Exception {
    ObjectRef<String> ref = engine.put("value");

    Capture.Captured captured = take(() -> ref);

    assertThat(captured.dependencies()).containsExactly(Engine.own(ref).origin());
    assertThat(run(captured.function())).isInstanceOf(RefView.class).isNotSameAs(ref);
  }

  @Test
  void refInsideACapturedList_isNoDependency() {
    List<Object> list = new ArrayList<>(List.of(engine.put("value")));

    Capture.Captured captured = take(() -> list.size());

    assertThat(captured.dependencies()).isEmpty();
  }

  @Test
  void sharedAndCopiedCaptures_keepTheirPlaces() throws Exception {
    int n = builder.length() + 3;
    List<String> list = new ArrayList<>(List.of("x"));
    String s = "text" + n;

    Capture.Captured captured = take(() -> s + list + n);

    assertThat(run(captured.function())).isEqualTo("text3[x]3");
  }

  /** DESIGN: the error names the class and the variable and says how to fix it. */
  @Test
  void refusal_namesTheVariableAndTheCallSite() {
    int n = builder.length();
    StringBuilder text = builder;

    assertThatThrownBy(() -> take(() -> text.length() + n))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CaptureTest.java:")
        .hasMessageContaining("`text`")
        .hasMessageContaining("builders are not for copying")
        .hasMessageContaining("Capture only what it needs");
  }

  @Test
  void refusalInsideAValue_namesThePath() {
    List<Object> names = new ArrayList<>(List.of(builder));

    assertThatThrownBy(() -> take(() -> names.size()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("`names.element`");
  }

  @Test
  void refusalOfABoundReceiver_namesTheMethod() {
    StringBuilder text = builder;

    assertThatThrownBy(() -> take(text::length))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the receiver of ::length");
  }

  @Test
  void refusalInAnAnonymousClass_namesTheVariable() {
    StringBuilder text = builder;
    Codec refusing =
        new Codec() {
          @Override
          public Encoded encode(@Nullable Object value, Boundary boundary) {
            throw new NotCopyableException("val$text", "builders are not for copying");
          }

          @Override
          public @Nullable Object decode(Encoded encoded, Boundary boundary) {
            throw new AssertionError();
          }
        };
    Engine withRefusal = new Engine(idleHost(), refusing, LocalOptions.local());
    RemoteSupplier<Integer> f =
        new RemoteSupplier<>() {
          @Override
          public Integer get() {
            return text.length();
          }
        };

    assertThatThrownBy(() -> Capture.take(withRefusal, f))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("`text`");
  }
}
