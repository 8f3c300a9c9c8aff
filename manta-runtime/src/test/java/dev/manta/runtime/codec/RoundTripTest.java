package dev.manta.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Arguments and results behave as copies: each shape comes back equal to what it was (CONTRACT 9). */
class RoundTripTest {
  private final Copying copying = new Copying();

  static Stream<Shape> shapes() {
    return Stream.of(JdkValues.all(), JdkCollections.all(), UserShapes.all(), ArrayShapes.all())
        .flatMap(s -> s);
  }

  /** A copy equals its original. */
  @ParameterizedTest
  @MethodSource("shapes")
  void shape_comesBackEqual(Shape shape) {
    Object copy = copying.copy(shape.value());

    assertThat(shape.equal().test(shape.value(), copy))
        .as("%s: %s of %s", shape.name(), copy, copy == null ? null : copy.getClass())
        .isTrue();
  }

  /** The same where it is a field of another object, between other values. */
  @ParameterizedTest
  @MethodSource("shapes")
  void shape_comesBackEqualInsideAnother(Shape shape) {
    UserShapes.Holder copy = copying.copy(new UserShapes.Holder("before", shape.value(), "after"));

    assertThat(copy.before()).isEqualTo("before");
    assertThat(shape.equal().test(shape.value(), copy.held()))
        .as("%s: %s", shape.name(), copy.held())
        .isTrue();
    assertThat(copy.after()).isEqualTo("after");
  }
}
