package dev.manta.behaviours.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.MantaException;
import dev.manta.ObjectRef;
import dev.manta.Reason;

/** How refs fail. */
public final class Errors {
  private Errors() {}

  /** The error of a ref, which must fail with this type. */
  public static <E extends Throwable> E of(ObjectRef<?> ref, Class<E> type) {
    try {
      Object value = ref.get();
      throw new AssertionError("expected " + type.getSimpleName() + ", not the value " + value);
    } catch (Throwable e) {
      assertThat(e).isInstanceOf(type);
      return type.cast(e);
    }
  }

  /** The error of a ref, which must fail with this type for this reason. */
  public static <E extends MantaException> E of(ObjectRef<?> ref, Class<E> type, Reason reason) {
    E error = of(ref, type);
    assertThat(error.reason()).as(error.toString()).isEqualTo(reason);
    return error;
  }
}
