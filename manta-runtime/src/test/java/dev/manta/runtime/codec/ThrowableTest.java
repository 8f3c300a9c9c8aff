package dev.manta.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Errors say everything (CONTRACT 15): class, message, stack, causes, suppressed, own fields. */
class ThrowableTest {
  private final Copying copying = new Copying();

  static final class OwnException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int code;
    private final List<String> details;

    OwnException(int code, List<String> details, Throwable cause) {
      super("own " + code, cause);
      this.code = code;
      this.details = details;
    }
  }

  @Test
  void classMessageAndStack_comeBack() {
    IllegalStateException thrown = new IllegalStateException("broken");

    IllegalStateException copy = copying.copy(thrown);

    assertThat(copy).isNotSameAs(thrown).hasMessage("broken").hasNoCause();
    assertThat(copy.getStackTrace()).isEqualTo(thrown.getStackTrace());
  }

  @Test
  void causes_comeBack() {
    Exception thrown =
        new IllegalStateException(
            "outer", new UncheckedIOException("middle", new IOException("inner")));

    Exception copy = copying.copy(thrown);

    assertThat(copy.getCause()).isInstanceOf(UncheckedIOException.class).hasMessage("middle");
    assertThat(copy.getCause().getCause()).isInstanceOf(IOException.class).hasMessage("inner");
    assertThat(copy.getCause().getStackTrace()).isEqualTo(thrown.getCause().getStackTrace());
  }

  @Test
  void suppressed_comeBack() {
    Exception thrown = new Exception("outer");
    thrown.addSuppressed(new IOException("one"));
    thrown.addSuppressed(new IllegalArgumentException("two", new Error("its cause")));

    Exception copy = copying.copy(thrown);

    assertThat(copy.getSuppressed()).hasSize(2);
    assertThat(copy.getSuppressed()[0]).isInstanceOf(IOException.class).hasMessage("one");
    assertThat(copy.getSuppressed()[1].getCause()).isInstanceOf(Error.class);
  }

  @Test
  void ownFields_comeBack() {
    OwnException copy = copying.copy(new OwnException(7, List.of("d"), new IOException("c")));

    assertThat(copy.code).isEqualTo(7);
    assertThat(copy.details).containsExactly("d");
    assertThat(copy).hasMessage("own 7").hasCauseInstanceOf(IOException.class);
  }

  @Test
  void exceptionThatSuppressesItsCauseInACycle_comesBack() {
    Exception outer = new Exception("outer");
    Exception inner = new Exception("inner", outer);
    outer.addSuppressed(inner);

    Exception copy = copying.copy(outer);

    assertThat(copy.getSuppressed()[0].getCause()).isSameAs(copy);
  }

  @Test
  void errorsOfTheJvm_comeBack() {
    assertThat(copying.copy(new OutOfMemoryError("heap"))).hasMessage("heap");
    assertThat(copying.copy(new StackOverflowError())).isInstanceOf(StackOverflowError.class);
    assertThat(copying.copy(new AssertionError("wrong"))).hasMessage("wrong");
  }

  @Test
  void exceptionAsAField_comesBack() {
    UserShapes.Holder copy =
        copying.copy(new UserShapes.Holder("a", new IOException("held"), "b"));

    assertThat((Throwable) copy.held()).isInstanceOf(IOException.class).hasMessage("held");
  }
}
