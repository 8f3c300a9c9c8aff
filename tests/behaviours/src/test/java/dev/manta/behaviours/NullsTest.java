package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.ActorOptions;
import dev.manta.ActorPool;
import dev.manta.ActorRef;
import dev.manta.CallOptions;
import dev.manta.CancelScope;
import dev.manta.ContextPropagator;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.ObjectStream;
import dev.manta.RemoteQueue;
import dev.manta.TaskOptions;
import dev.manta.WhenFull;
import dev.manta.behaviours.support.WithManta;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.lang.reflect.TypeVariable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Misuse, "null anywhere": every method of the API, found by reflection, refuses it at once. */
@ExtendWith(WithManta.class)
class NullsTest {
  /** An actor. */
  static final class Plain {
    int one() {
      return 1;
    }
  }

  /** One argument of one method. */
  private record Case(Method method, Object target, int parameter) {
    @Override
    public String toString() {
      return method.toGenericString() + ", argument " + parameter;
    }

    /** What the call with null there throws; null for nothing. */
    Throwable thrown() {
      Object[] arguments = new Object[method.getParameterCount()];
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = i == parameter ? null : something(method.getParameterTypes()[i]);
      }
      try {
        method.setAccessible(true);
        method.invoke(target, arguments);
        return null;
      } catch (InvocationTargetException e) {
        return e.getCause();
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Any value of a type. */
  private static Object something(Class<?> type) {
    if (type == int.class) {
      return 1;
    } else if (type == long.class) {
      return 1L;
    } else if (type == double.class) {
      return 1.0;
    } else if (type == boolean.class) {
      return true;
    } else if (type == String.class) {
      return "text";
    } else if (type == Duration.class) {
      return Duration.ofSeconds(1);
    } else if (type == Class.class) {
      return Plain.class;
    } else if (type.isArray()) {
      return java.lang.reflect.Array.newInstance(type.getComponentType(), 0);
    } else if (type == Collection.class) {
      return List.of();
    } else if (type == CompletionStage.class) {
      return CompletableFuture.completedFuture(1);
    } else if (type == ActorOptions.class) {
      return ActorOptions.named("null test");
    } else if (type == TaskOptions.class) {
      return TaskOptions.DEFAULT;
    } else if (type == CallOptions.class) {
      return CallOptions.DEFAULT;
    } else if (type == LocalOptions.class) {
      return LocalOptions.local();
    } else if (type == WhenFull.class) {
      return WhenFull.WAIT;
    } else if (type == CancelScope.class) {
      return CancelScope.THIS_CALL;
    } else if (type == ContextPropagator.class || type.isInterface()) {
      return Proxy.newProxyInstance(
          type.getClassLoader(), new Class<?>[]{type}, (proxy, method, arguments) -> null);
    }
    return "any object";
  }

  private static Stream<Case> casesOf(Class<?> type, Object target) {
    List<Case> cases = new ArrayList<>();
    for (Method method : type.getMethods()) {
      if (method.getDeclaringClass() == Object.class
          || Modifier.isStatic(method.getModifiers()) && method.getDeclaringClass() != type
          || method.isBridge()
          || method.getName().equals("equals")) {
        continue;
      }
      Parameter[] parameters = method.getParameters();
      AnnotatedType[] types = method.getAnnotatedParameterTypes();
      for (int i = 0; i < parameters.length; i++) {
        if (!parameters[i].getType().isPrimitive() && !takesNull(types[i])) {
          cases.add(new Case(method, target, i));
        }
      }
    }
    assertThat(cases).as(type.getName()).isNotEmpty();
    return cases.stream();
  }

  /** By its own annotation or that of its type variable's bound, as in `put(T value)`. */
  private static boolean takesNull(AnnotatedType type) {
    if (type.isAnnotationPresent(Nullable.class)) {
      return true;
    }
    return type.getType() instanceof TypeVariable<?> variable
        && Arrays.stream(variable.getAnnotatedBounds())
            .anyMatch(bound -> bound.isAnnotationPresent(Nullable.class));
  }

  private static void assertAllRefuseNull(Stream<Case> cases) {
    List<String> wrong = new ArrayList<>();
    cases.forEach(
        c -> {
          Throwable thrown = c.thrown();
          if (!(thrown instanceof NullPointerException)) {
            wrong.add(c + " -> " + thrown);
          }
        });
    assertThat(wrong).isEmpty();
  }

  /** Misuse, null anywhere. */
  @Test
  void options_refuseNull() {
    assertAllRefuseNull(
        Stream.of(
            casesOf(ActorOptions.class, ActorOptions.async()),
            casesOf(TaskOptions.class, TaskOptions.DEFAULT),
            casesOf(CallOptions.class, CallOptions.DEFAULT),
            casesOf(LocalOptions.class, LocalOptions.local()))
            .flatMap(cases -> cases));
  }

  /** Misuse, null anywhere. */
  @Test
  void manta_refusesNull(Manta manta) {
    assertAllRefuseNull(casesOf(Manta.class, manta));
  }

  /** Misuse, null anywhere. */
  @Test
  void actorRef_refusesNull(Manta manta) {
    assertAllRefuseNull(casesOf(ActorRef.class, manta.actor(Plain::new)));
  }

  /** Misuse, null anywhere: also the methods that it has as a stage, pending and complete. */
  @Test
  void objectRef_refusesNull(Manta manta) {
    ActorRef<dev.manta.behaviours.support.Gate> gate =
        dev.manta.behaviours.support.Gate.closed(manta);
    ObjectRef<Boolean> pending = gate.call(dev.manta.behaviours.support.Gate::pass);

    assertAllRefuseNull(casesOf(ObjectRef.class, pending));
    assertAllRefuseNull(casesOf(ObjectRef.class, manta.put("complete")));

    dev.manta.behaviours.support.Gate.open(gate);
    assertThat(pending.get()).isTrue();
  }

  /** Misuse, null anywhere. */
  @Test
  void objectStream_refusesNull(Manta manta) {
    ActorRef<Plain> plain = manta.actor(Plain::new);
    ObjectStream<Integer> stream = plain.stream(p -> Stream.of(p.one()));

    assertAllRefuseNull(casesOf(ObjectStream.class, stream));

    assertThat(stream).containsExactly(1);
  }

  /** Misuse, null anywhere. */
  @Test
  void poolAndQueue_refuseNull(Manta manta) {
    ActorRef<Plain> plain = manta.actor(Plain::new);

    assertAllRefuseNull(casesOf(ActorPool.class, ActorPool.of(List.of(plain))));
    assertAllRefuseNull(casesOf(RemoteQueue.class, RemoteQueue.create(manta, 1)));
  }

  /** Misuse, null anywhere: also inside collections. */
  @Test
  void nullInsideCollections_isRefused(Manta manta) {
    List<ObjectRef<Integer>> refs = new ArrayList<>();
    refs.add(null);

    assertThatThrownBy(() -> manta.getAll(refs)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> manta.asCompleted(refs)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> manta.wait(refs, 1, Duration.ZERO))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> ActorOptions.async().group("io", 1, "read", null))
        .isInstanceOf(NullPointerException.class);
  }

  /** Null is a value like any other where a method may return it. */
  @Test
  void nullAsAValue_isRight(Manta manta) {
    ActorRef<Plain> plain = manta.actor(Plain::new);

    assertThat(manta.<@Nullable String>put(null).get()).isNull();
    assertThat(manta.<@Nullable String>submit(() -> null).get()).isNull();
    assertThat(plain.<@Nullable String>call(p -> null).get()).isNull();
  }
}
