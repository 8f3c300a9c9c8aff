package dev.manta.engine;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a function was written and what it calls, as far as its class file tells: lambdas of some
 * class loaders, and code without debug information, tell less.
 */
final class FunctionSource {
  private final String owner;
  private final String method;
  private final @Nullable String file;
  private final int line;
  private final @Nullable String called;
  private final List<String> names;
  private final Set<String> fieldsRead;

  private FunctionSource(
      String owner,
      String method,
      @Nullable String file,
      int line,
      @Nullable String called,
      List<String> names,
      Set<String> fieldsRead) {
    this.owner = owner;
    this.method = method;
    this.file = file;
    this.line = line;
    this.called = called;
    this.names = names;
    this.fieldsRead = fieldsRead;
  }

  static FunctionSource of(Class<?> type, Object function) {
    try {
      SerializedLambda lambda = serialized(type, function);
      if (lambda != null) {
        return of(type, lambda);
      }
    } catch (IOException | RuntimeException | ReflectiveOperationException e) {
      // the class tells less
    }
    String name = type.getName();
    int lambdaMark = name.indexOf("$$Lambda");
    String owner = lambdaMark < 0 ? name : name.substring(0, lambdaMark);
    return new FunctionSource(owner, "a function", null, -1, null, List.of(), Set.of());
  }

  /** The code of a function, for another process. */
  static FunctionCode code(Class<?> type, Object function) {
    try {
      SerializedLambda lambda = serialized(type, function);
      return lambda == null ? FunctionCode.OBJECT : FunctionCode.of(function, lambda);
    } catch (ReflectiveOperationException | java.lang.reflect.InaccessibleObjectException e) {
      throw new IllegalArgumentException(
          "the function " + type.getName() + " can't be sent to another process: it is a lambda"
              + " of another kind of interface than Manta's",
          e);
    }
  }

  private static @Nullable SerializedLambda serialized(Class<?> type, Object function)
      throws ReflectiveOperationException {
    if (!type.isHidden()) {
      return null;
    }
    Method writeReplace = type.getDeclaredMethod("writeReplace");
    writeReplace.setAccessible(true);
    return writeReplace.invoke(function) instanceof SerializedLambda lambda ? lambda : null;
  }

  /** What a lambda of a class is, as serialization sees it. */
  static FunctionSource of(Class<?> type, SerializedLambda lambda) throws IOException {
    String implementation = lambda.getImplMethodName();
    String capturing = lambda.getCapturingClass().replace('/', '.');
    if (!implementation.startsWith("lambda$")) {
      String target = simpleName(lambda.getImplClass());
      String called = implementation.equals("<init>") ? "new" : implementation;
      return new FunctionSource(
          capturing,
          target + "::" + called,
          null,
          -1,
          target + "." + called,
          List.of("the receiver of ::" + called),
          Set.of());
    }
    String enclosing = implementation.substring("lambda$".length());
    int dollar = enclosing.indexOf('$');
    enclosing = dollar < 0 ? enclosing : enclosing.substring(0, dollar);
    ClassModel model = read(type, lambda.getImplClass());
    MethodModel body = find(model, implementation, lambda.getImplMethodSignature());
    Reader reader = new Reader(type, lambda, model);
    if (body != null) {
      body.code().ifPresent(reader::read);
    }
    return new FunctionSource(
        capturing,
        enclosing.equals("new") ? "<init>" : enclosing,
        sourceFile(model),
        reader.line,
        reader.called,
        reader.names(),
        reader.fieldsRead);
  }

  private static ClassModel read(Class<?> type, String internalName) throws IOException {
    ClassLoader loader = type.getClassLoader();
    String path = internalName + ".class";
    try (InputStream in =
        loader == null
            ? ClassLoader.getSystemResourceAsStream(path)
            : loader.getResourceAsStream(path)) {
      if (in == null) {
        throw new IOException("no class file " + path);
      }
      return ClassFile.of().parse(in.readAllBytes());
    }
  }

  private static @Nullable MethodModel find(ClassModel model, String name, String descriptor) {
    for (MethodModel m : model.methods()) {
      if (m.methodName().equalsString(name) && m.methodType().equalsString(descriptor)) {
        return m;
      }
    }
    return null;
  }

  private static @Nullable String sourceFile(ClassModel model) {
    return model
        .findAttribute(java.lang.classfile.Attributes.sourceFile())
        .map((SourceFileAttribute a) -> a.sourceFile().stringValue())
        .orElse(null);
  }

  private static String simpleName(String internalName) {
    int cut = Math.max(internalName.lastIndexOf('/'), internalName.lastIndexOf('$'));
    return internalName.substring(cut + 1);
  }

  /** Reads the body of a lambda. */
  private static final class Reader {
    private final Class<?> type;
    private final @Nullable ClassDesc actor;
    private final ClassDesc implementing;
    private final boolean hasThis;
    private final int captured;
    private final int[] slots;
    private final @Nullable String[] slotNames;
    private final Set<String> fieldsRead = new LinkedHashSet<>();
    private int line = -1;
    private @Nullable String called;
    private @Nullable String firstInvoked;

    Reader(Class<?> type, SerializedLambda lambda, ClassModel model) {
      this.type = type;
      MethodTypeDesc signature = MethodTypeDesc.ofDescriptor(lambda.getInstantiatedMethodType());
      this.actor = signature.parameterCount() == 0 ? null : signature.parameterType(0);
      this.implementing = model.thisClass().asSymbol();
      this.hasThis = lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic;
      this.captured = lambda.getCapturedArgCount();
      MethodTypeDesc body = MethodTypeDesc.ofDescriptor(lambda.getImplMethodSignature());
      this.slots = new int[captured];
      this.slotNames = new String[captured];
      int slot = hasThis ? 1 : 0;
      for (int i = hasThis ? 1 : 0; i < captured; i++) {
        slots[i] = slot;
        ClassDesc parameter = body.parameterType(hasThis ? i - 1 : i);
        slot += parameter.descriptorString().matches("[JD]") ? 2 : 1;
      }
    }

    void read(CodeModel code) {
      for (CodeElement element : code) {
        switch (element) {
          case LineNumber l when line < 0 -> line = l.line();
          case LocalVariable v -> name(v);
          case InvokeInstruction call when noteFirst(call) && isActor(call.owner().asSymbol()) ->
              called =
                  simpleName(call.owner().asInternalName()) + "." + call.name().stringValue();
          case FieldInstruction field when field.opcode() == Opcode.GETFIELD
              && field.owner().asSymbol().equals(implementing) ->
              fieldsRead.add("`" + field.name().stringValue() + "`");
          default -> {}
        }
      }
    }

    private boolean noteFirst(InvokeInstruction call) {
      if (firstInvoked == null) {
        firstInvoked = call.name().stringValue();
      }
      return true;
    }

    private void name(LocalVariable variable) {
      for (int i = hasThis ? 1 : 0; i < captured; i++) {
        if (slots[i] == variable.slot() && slotNames[i] == null) {
          slotNames[i] = variable.name().stringValue();
        }
      }
    }

    private boolean isActor(ClassDesc owner) {
      if (actor == null || !actor.isClassOrInterface()) {
        return false;
      }
      if (owner.equals(actor)) {
        return true;
      }
      try {
        return load(owner).isAssignableFrom(load(actor)) && load(owner) != Object.class;
      } catch (ClassNotFoundException | LinkageError e) {
        return false;
      }
    }

    private Class<?> load(ClassDesc desc) throws ClassNotFoundException {
      String descriptor = desc.descriptorString();
      String name = descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
      return Class.forName(name, false, type.getClassLoader());
    }

    List<String> names() {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < captured; i++) {
        String name = i == 0 && hasThis ? "this" : slotNames[i];
        if ("rec$".equals(name)) { // a bound method reference that javac wrote as a lambda
          name = "the receiver of ::" + firstInvoked;
        }
        names.add(name == null ? "" : name);
      }
      return names;
    }
  }

  String callSite() {
    return frame().toString();
  }

  StackTraceElement frame() {
    return new StackTraceElement(owner, method, file, line);
  }

  String methodName() {
    String c = called;
    return c == null ? simpleName(owner.replace('.', '/')) + "." + method : c;
  }

  @Nullable String calledMethod() {
    String c = called;
    return c == null ? null : c.substring(c.lastIndexOf('.') + 1);
  }

  String[] capturedNames(Field[] fields) {
    String[] result = new String[fields.length];
    for (int i = 0; i < result.length; i++) {
      String name = i < names.size() ? names.get(i) : "";
      result[i] = name.isEmpty() ? nameOf(fields[i], i) : name;
    }
    return result;
  }

  private static String nameOf(Field field, int index) {
    String name = field.getName();
    return name.startsWith("arg$")
        ? "captured value #" + (index + 1) + " (" + field.getType().getName() + ")"
        : variableOf(name);
  }

  /** The variable that a field of an anonymous or inner class stands for. */
  static String variableOf(String field) {
    if (field.startsWith("val$")) {
      return field.substring("val$".length());
    }
    return field.startsWith("this$") ? "this" : field;
  }

  Set<String> fieldsRead() {
    return fieldsRead;
  }
}
