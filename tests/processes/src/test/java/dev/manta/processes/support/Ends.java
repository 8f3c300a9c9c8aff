package dev.manta.processes.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.GetTimeoutException;
import dev.manta.MantaException;
import dev.manta.ObjectRef;
import dev.manta.Reason;

/** How refs end, which they do within the tolerance. */
public final class Ends {
  private Ends() {}

  /** The value of a ref. */
  public static <T> T value(ObjectRef<T> ref) {
    return ref.get(Limits.TOLERANCE);
  }

  /** The number of a ref, where the type of {@link #value} is not inferred. */
  public static int intOf(ObjectRef<Integer> ref) {
    return value(ref);
  }

  /** The error of a ref, which must fail with this type. */
  public static <E extends Throwable> E error(ObjectRef<?> ref, Class<E> type) {
    Object value;
    try {
      value = ref.get(Limits.TOLERANCE);
    } catch (GetTimeoutException e) {
      throw new AssertionError(ref + " has not ended within " + Limits.TOLERANCE, e);
    } catch (Throwable e) {
      assertThat(e).isInstanceOf(type);
      return type.cast(e);
    }
    throw new AssertionError("expected " + type.getSimpleName() + ", not the value " + value);
  }

  /** The error of a ref, which must fail with this type for this reason. */
  public static <E extends MantaException> E error(
      ObjectRef<?> ref, Class<E> type, Reason reason) {
    E error = error(ref, type);
    assertThat(error.reason()).as(error.toString()).isEqualTo(reason);
    return error;
  }
}
