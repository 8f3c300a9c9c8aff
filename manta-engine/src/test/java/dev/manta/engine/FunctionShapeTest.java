package dev.manta.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.RemoteConsumer;
import dev.manta.RemoteFunction;
import dev.manta.RemoteSupplier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the engine knows of a function: its captures, and where it was written (DESIGN, "The API"). */
class FunctionShapeTest {
  private final List<String> field = new ArrayList<>(List.of("field"));

  static class Base {
    void inherited() {}
  }

  static class Counter extends Base {
    int add(int n) {
      return n;
    }

    static int twice(Counter c) {
      return 2;
    }
  }

  private static Object supplier(RemoteSupplier<?> function) {
    return function;
  }

  private static Object function(RemoteFunction<Counter, ?> function) {
    return function;
  }

  private static Object consumer(RemoteConsumer<Counter> function) {
    return function;
  }

  // ---- what it captures

  /** DESIGN: captured values are the arguments. */
  @Test
  void lambdaWithoutCaptures_isShared() {
    Object f = supplier(() -> 5);

    FunctionShape shape = FunctionShape.of(f);

    assertThat(shape.isLambda()).isTrue();
    assertThat(shape.capturesOnlyImmutables()).isTrue();
    assertThat(shape.read(f)).isEmpty();
  }

  @Test
  void lambdaOverPrimitivesAndStrings_isShared() {
    int i = field.size();
    String s = field.toString();

    FunctionShape shape = FunctionShape.of(supplier(() -> s + i));

    assertThat(shape.capturesOnlyImmutables()).isTrue();
  }

  @Test
  void lambdaOverAList_isNotShared() {
    List<String> list = new ArrayList<>();

    FunctionShape shape = FunctionShape.of(supplier(() -> list.size()));

    assertThat(shape.capturesOnlyImmutables()).isFalse();
  }

  /** Wide slots are counted twice in a class file: a name must not slip to its neighbour. */
  @Test
  void capturedNames_areThoseOfTheVariables() {
    int count = field.size();
    long wide = count;
    String text = field.toString();
    double wider = count;
    List<String> list = field;

    Object f = supplier(() -> "" + list + wider + text + wide + count);

    assertThat(FunctionShape.of(f).capturedNames(f))
        .containsExactlyInAnyOrder("count", "wide", "text", "wider", "list");
    assertThat(nameOf(f, list)).isEqualTo("list");
    assertThat(nameOf(f, text)).isEqualTo("text");
    assertThat(nameOf(f, wider)).isEqualTo("wider");
  }

  private static String nameOf(Object f, Object value) {
    Object[] values = FunctionShape.of(f).read(f);
    String[] names = FunctionShape.of(f).capturedNames(f);
    int at = List.of(values).indexOf(value);
    return names[at];
  }

  /** Fields of a lambda's class come sorted by number: arg$10 is after arg$9. */
  @Test
  void moreThanTenCaptures_areReadInOrder() {
    String a = "a" + field, b = "b" + field, c = "c" + field, d = "d" + field;
    String e = "e" + field, g = "g" + field, h = "h" + field, i = "i" + field;
    String j = "j" + field, k = "k" + field, l = "l" + field, m = "m" + field;

    Object f = supplier(() -> a + b + c + d + e + g + h + i + j + k + l + m);

    assertThat(FunctionShape.of(f).read(f)).containsExactly(a, b, c, d, e, g, h, i, j, k, l, m);
  }

  @Test
  void lambdaThatUsesAField_capturesThis() {
    Object f = supplier(() -> field.size());

    FunctionShape shape = FunctionShape.of(f);

    assertThat(shape.capturedNames(f)).containsExactly("this");
    assertThat(shape.fieldsRead(f)).isEqualTo("`field`");
    assertThat(shape.read(f)).containsExactly(this);
  }

  @Test
  void boundMethodReference_capturesItsReceiver() {
    Object f = supplier(field::size);

    FunctionShape shape = FunctionShape.of(f);

    assertThat(shape.capturedNames(f)).containsExactly("the receiver of ::size");
    assertThat(shape.read(f)).containsExactly(field);
  }

  @Test
  void anonymousClass_capturesByTheNamesOfItsVariables() {
    List<String> list = field;
    Object f =
        new RemoteSupplier<Integer>() {
          @Override
          public Integer get() {
            return list.size();
          }
        };

    FunctionShape shape = FunctionShape.of(f);

    assertThat(shape.isLambda()).isFalse();
    assertThat(shape.capturedNames(f)).contains("list");
  }

  @Test
  void rebuild_makesTheSameLambdaOverOtherValues() throws Exception {
    List<String> list = List.of("old");
    int n = field.size();
    RemoteSupplier<String> f = () -> list + "/" + n;
    FunctionShape shape = FunctionShape.of(f);

    Object rebuilt = shape.rebuild(f, new Object[]{List.of("new"), 7});

    assertThat(rebuilt).isInstanceOf(RemoteSupplier.class).isNotSameAs(f);
    assertThat(((RemoteSupplier<?>) rebuilt).get()).isEqualTo("[new]/7");
    assertThat(f.get()).isEqualTo("[old]/1");
  }

  @Test
  void rebuild_makesABoundMethodReferenceOverAnotherReceiver() throws Exception {
    RemoteSupplier<Integer> f = field::size;

    Object rebuilt = FunctionShape.of(f).rebuild(f, new Object[]{List.of(1, 2, 3)});

    assertThat(((RemoteSupplier<?>) rebuilt).get()).isEqualTo(3);
  }

  // ---- what it calls

  @Test
  void methodName_isTheActorsMethodThatALambdaCalls() {
    Object f = function(c -> c.add(5));

    assertThat(FunctionShape.of(f).methodName(f)).isEqualTo("Counter.add");
    assertThat(FunctionShape.of(f).calledMethod(f)).isEqualTo("add");
  }

  @Test
  void methodName_isAnInheritedMethod() {
    Object f = consumer(c -> c.inherited());

    assertThat(FunctionShape.of(f).calledMethod(f)).isEqualTo("inherited");
  }

  @Test
  void methodName_isTheMethodOfAReference() {
    Object unbound = consumer(Base::inherited);
    Object fixed = function(Counter::twice);
    Object constructor = supplier(Counter::new);

    assertThat(FunctionShape.of(unbound).methodName(unbound)).isEqualTo("Base.inherited");
    assertThat(FunctionShape.of(fixed).methodName(fixed)).isEqualTo("Counter.twice");
    assertThat(FunctionShape.of(constructor).methodName(constructor)).isEqualTo("Counter.new");
  }

  @Test
  void methodName_isWhereItWasWritten_whenItCallsNoMethodOfTheActor() {
    Object f = function(c -> 5);

    assertThat(FunctionShape.of(f).calledMethod(f)).isNull();
    assertThat(FunctionShape.of(f).methodName(f))
        .isEqualTo(
            "FunctionShapeTest.methodName_isWhereItWasWritten_whenItCallsNoMethodOfTheActor");
  }

  // ---- where it was written

  /** CONTRACT 15: the caller's call site. */
  @Test
  void callSite_ofALambda_isItsLine() {
    int line = new Throwable().getStackTrace()[0].getLineNumber() + 1;
    Object f = supplier(() -> "here");

    assertThat(FunctionShape.of(f).callSite(f))
        .endsWith("FunctionShapeTest.callSite_ofALambda_isItsLine(FunctionShapeTest.java:%d)"
            .formatted(line));
  }

  @Test
  void callSite_ofANestedLambda_isItsOwnLine() throws Exception {
    int line = new Throwable().getStackTrace()[0].getLineNumber() + 3;
    RemoteSupplier<Object> outer =
        () -> {
          return supplier(() -> "inner");
        };

    Object inner = outer.get();

    assertThat(FunctionShape.of(inner).callSite(inner))
        .contains("callSite_ofANestedLambda_isItsOwnLine")
        .endsWith("(FunctionShapeTest.java:%d)".formatted(line));
  }

  @Test
  void callSite_ofAMethodReference_namesTheClassThatWroteIt() {
    Object f = supplier(Counter::new);

    assertThat(FunctionShape.of(f).callSite(f))
        .contains("FunctionShapeTest")
        .contains("Counter::new");
  }

  @Test
  void callSite_ofAnAnonymousClass_namesTheClass() {
    Object f =
        new RemoteSupplier<Integer>() {
          @Override
          public Integer get() {
            return 1;
          }
        };

    assertThat(FunctionShape.of(f).callSite(f)).contains("FunctionShapeTest");
  }

  /** Decided once a class: the second lambda of a line is not the first. */
  @Test
  void twoLambdasOfOneLine_haveNamesOfTheirOwn() {
    List<String> one = field;
    List<String> two = new ArrayList<>();

    Object f = supplier(() -> one.size()), g = supplier(() -> two.size());

    assertThat(FunctionShape.of(f).capturedNames(f)).containsExactly("one");
    assertThat(FunctionShape.of(g).capturedNames(g)).containsExactly("two");
  }
}
