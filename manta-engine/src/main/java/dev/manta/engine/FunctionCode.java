package dev.manta.engine;

import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.io.IOException;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * The code of a function, without what it captured, as another process finds it: a lambda by the
 * class and method that hold its code. Sent once to each process.
 */
final class FunctionCode {
  /** Functions that are no lambdas: their class travels with what they captured. */
  static final FunctionCode OBJECT = new FunctionCode(null, null);

  /** What {@link SerializedLambda} has, in the order of its constructor; null for {@link #OBJECT}. */
  private record Lambda(
      String capturingClass, String interfaceClass, String interfaceMethod,
      String interfaceSignature, int kind, String implClass, String implMethod,
      String implSignature, String instantiatedType) {}

  /** The highest of the kinds of method handles, as {@link java.lang.invoke.MethodHandleInfo}. */
  private static final int MAX_KIND = 9;

  /** Of the class that captures, and of the one that has the code, where this came from. */
  private record Versions(long capturing, long impl) {}

  private final @Nullable Lambda lambda;

  /** Null for code of this process. */
  private final @Nullable Versions versions;

  /** A function of this code without captured values, which would live as long as this. */
  private volatile @Nullable Object prototype;

  private FunctionCode(@Nullable Lambda lambda, @Nullable Versions versions) {
    this.lambda = lambda;
    this.versions = versions;
  }

  /** The code of a lambda or method reference of this process. */
  static FunctionCode of(Object function, SerializedLambda s) {
    FunctionCode code =
        new FunctionCode(
            new Lambda(
                s.getCapturingClass(),
                s.getFunctionalInterfaceClass(),
                s.getFunctionalInterfaceMethodName(),
                s.getFunctionalInterfaceMethodSignature(),
                s.getImplMethodKind(),
                s.getImplClass(),
                s.getImplMethodName(),
                s.getImplMethodSignature(),
                s.getInstantiatedMethodType()),
            null);
    code.prototype = FunctionShape.of(function).blank(function);
    return code;
  }

  boolean isObject() {
    return lambda == null;
  }

  void write(WireWriter to, Host host) {
    Lambda l = lambda;
    to.writeFlag(l != null);
    if (l != null) {
      to.writeName(l.capturingClass)
          .writeName(l.interfaceClass)
          .writeName(l.interfaceMethod)
          .writeName(l.interfaceSignature)
          .writeUnsigned(l.kind)
          .writeName(l.implClass)
          .writeName(l.implMethod)
          .writeName(l.implSignature)
          .writeName(l.instantiatedType);
      Versions v = versions == null ? ownVersions(l, host) : versions;
      to.writeUnsigned(v.capturing).writeUnsigned(v.impl);
    }
  }

  private Versions ownVersions(Lambda l, Host host) {
    ClassLoader loader = java.util.Objects.requireNonNull(prototype).getClass().getClassLoader();
    try {
      return versions(l, Class.forName(l.capturingClass.replace('/', '.'), false, loader), host);
    } catch (ClassNotFoundException | LinkageError e) {
      return new Versions(0, 0); // whoever is to run it says what is wrong
    }
  }

  private static Versions versions(Lambda l, Class<?> capturing, Host host)
      throws ClassNotFoundException {
    Class<?> impl =
        Class.forName(l.implClass.replace('/', '.'), false, capturing.getClassLoader());
    return new Versions(host.versionOf(capturing), host.versionOf(impl));
  }

  /** Refuses code of which this process has another version. */
  private void checkVersions(Lambda l, Class<?> capturing, Host host)
      throws ClassNotFoundException {
    Versions sent = versions;
    if (sent != null) {
      Versions own = versions(l, capturing, host);
      checkVersion(l.capturingClass, sent.capturing, own.capturing);
      checkVersion(l.implClass, sent.impl, own.impl);
    }
  }

  private void checkVersion(String name, long sent, long own) {
    if (sent != own && sent != 0 && own != 0) {
      throw new IllegalStateException(
          "the process that is to run it has another version of the class "
              + name.replace('/', '.') + " than the one that sent " + this
              + ": the checksums of its file are " + Long.toHexString(own) + " and "
              + Long.toHexString(sent)
              + ". Was the program built anew while it ran? Start it again");
    }
  }

  static FunctionCode read(WireReader from) {
    if (!from.readFlag()) {
      return OBJECT;
    }
    return new FunctionCode(
        new Lambda(
            from.readName(), from.readName(), from.readName(), from.readName(),
            from.readInt(MAX_KIND), from.readName(), from.readName(), from.readName(),
            from.readName()),
        new Versions(from.readUnsigned(), from.readUnsigned()));
  }

  /**
   * A function of this code over captured values.
   *
   * @throws IllegalStateException if this process lacks the code, or has another version of it
   */
  Object over(@Nullable Object[] values, Engine engine) {
    Object p = prototype;
    if (p == null) {
      Object first = link(values, engine);
      prototype = FunctionShape.of(first).blank(first);
      return first;
    }
    return values.length == 0 ? p : FunctionShape.of(p).rebuild(p, values);
  }

  private static SerializedLambda serialized(
      Lambda l, Class<?> capturing, @Nullable Object[] values) {
    return new SerializedLambda(
        capturing, l.interfaceClass, l.interfaceMethod, l.interfaceSignature, l.kind,
        l.implClass, l.implMethod, l.implSignature, l.instantiatedType, values);
  }

  private Object link(@Nullable Object[] values, Engine engine) {
    Lambda l = java.util.Objects.requireNonNull(lambda);
    String name = l.capturingClass.replace('/', '.');
    try {
      Class<?> capturing = Class.forName(name, true, engine.loader());
      checkVersions(l, capturing, engine.host);
      Method factory =
          capturing.getDeclaredMethod("$deserializeLambda$", SerializedLambda.class);
      factory.setAccessible(true);
      Object function =
          factory.invoke(
              null,
              serialized(l, capturing, values));
      return java.util.Objects.requireNonNull(function);
    } catch (ClassNotFoundException | LinkageError e) {
      if (e instanceof ExceptionInInitializerError
          || e.getCause() instanceof ExceptionInInitializerError) { // the second time
        throw new IllegalStateException(
            "the static initializer of " + name + ", in which " + this
                + " was written, fails in the process that is to run it",
            e);
      }
      throw new IllegalStateException(
          "the process that is to run it lacks the class " + name + ", in which " + this
              + " was written",
          e);
    } catch (ReflectiveOperationException e) {
      Throwable cause = e instanceof InvocationTargetException t ? t.getCause() : e;
      throw new IllegalStateException(
          "the process that is to run it has another version of the class " + name + ", without "
              + this,
          cause);
    }
  }

  /** What it calls, for messages, as far as that is known here. */
  String methodName() {
    Object p = prototype;
    if (p != null) {
      return FunctionShape.of(p).methodName(p);
    }
    Lambda l = lambda;
    if (l == null) {
      return "a function";
    }
    try { // this is on the way to an error message: it may take its time
      Class<?> capturing =
          Class.forName(l.capturingClass.replace('/', '.'), false, getClass().getClassLoader());
      return FunctionSource.of(capturing, serialized(l, capturing, new Object[0])).methodName();
    } catch (ClassNotFoundException | LinkageError | IOException | RuntimeException e) {
      return simpleName(l.implClass) + "." + l.implMethod;
    }
  }

  /** The name of the class that a constructing function returns, as far as its type tells. */
  String constructedClass() {
    Lambda l = lambda;
    if (l == null) {
      return "actor";
    }
    String type = l.instantiatedType;
    int start = type.lastIndexOf(")L");
    return start < 0 || !type.endsWith(";")
        ? "actor"
        : type.substring(start + 2, type.length() - 1).replace('/', '.');
  }

  static String simpleName(String internalName) {
    int end =
        Math.max(
            Math.max(internalName.lastIndexOf('/'), internalName.lastIndexOf('.')),
            internalName.lastIndexOf('$'));
    return internalName.substring(end + 1);
  }

  @Override
  public String toString() {
    Lambda l = lambda;
    return l == null ? "a function" : l.implClass.replace('/', '.') + "." + l.implMethod;
  }
}
