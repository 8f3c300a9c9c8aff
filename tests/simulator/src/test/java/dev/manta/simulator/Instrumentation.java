package dev.manta.simulator;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.Map;
import java.util.Set;

/**
 * Changes the engine's class files so that the simulator rules its threads: before every access to a
 * field, every atomic step and every monitor another thread may be let go; monitors are modelled, so
 * that who is held up never blocks the thread underneath; interrupts are the simulator's; hash codes
 * count up, so that no order depends on addresses.
 */
final class Instrumentation {
  private static final ClassDesc HOOKS = ClassDesc.of("dev.manta.engine.Hooks");
  private static final ClassDesc THREAD = ClassDesc.of("java.lang.Thread");
  private static final MethodTypeDesc TAKES_OBJECT =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object);
  private static final MethodTypeDesc TAKES_OBJECT_AND_NAME =
      TAKES_OBJECT.insertParameterTypes(1, ConstantDescs.CD_String);

  /** Caches that a second run finds full: with switches in them a replay would differ. */
  private static final Set<String> LEFT_ALONE =
      Set.of("FunctionShape", "FunctionSource", "FunctionCode", "Immutables", "StackProbe");

  /** Methods of a ref, and what is called first in them. */
  private static final Map<String, String> OF_REFS =
      Map.of("finish", "completing", "tell", "telling");

  private static final Set<String> THREAD_METHODS =
      Set.of("interrupt", "interrupted", "isInterrupted", "yield", "onSpinWait");

  private final ClassFile files;

  Instrumentation(ClassLoader loader) {
    files =
        ClassFile.of(
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(loader)
                    .orElse(ClassHierarchyResolver.defaultResolver())));
  }

  byte[] instrument(byte[] bytes) {
    ClassModel type = files.parse(bytes);
    boolean alone =
        isOfOneThread(type) || LEFT_ALONE.stream().anyMatch(name -> isOrIsIn(type, name));
    return files.transformClass(
        type,
        (builder, element) -> {
          if (element instanceof MethodModel method && !alone) {
            method(builder, type, method);
          } else {
            builder.with(element);
          }
          if (isLast(type, element) && isHashedByAddress(type)) {
            addHashCode(builder);
          }
        });
  }

  /** Readers and writers of frames are each for one thread. */
  private static boolean isOfOneThread(ClassModel type) {
    return type.thisClass().asInternalName().startsWith("dev/manta/engine/wire/");
  }

  /** The simple name of the class in whose file a class is. */
  private static String topLevel(ClassModel type) {
    String internal = type.thisClass().asInternalName();
    int nested = internal.indexOf('$');
    return internal.substring(
        internal.lastIndexOf('/') + 1, nested < 0 ? internal.length() : nested);
  }

  private static boolean isOrIsIn(ClassModel type, String name) {
    return topLevel(type).equals(name);
  }

  @SuppressWarnings("ReferenceEquality") // the element itself
  private static boolean isLast(ClassModel type, ClassElement element) {
    return element == type.elementList().getLast();
  }

  private static void method(ClassBuilder builder, ClassModel type, MethodModel method) {
    if (method.methodName().equalsString("<clinit>") || method.code().isEmpty()) {
      builder.with(method);
    } else if (method.flags().has(AccessFlag.SYNCHRONIZED)) {
      around(builder, type, method, "entering", "exited");
    } else if (isCached(type, method)) {
      around(builder, type, method, "hold", "unhold"); // does more, or less, once a cache is full
    } else {
      CodeTransform code = new Points(topLevel(type));
      String hook = isOrIsIn(type, "Ref") ? OF_REFS.get(method.methodName().stringValue()) : null;
      if (hook != null) {
        code = code.andThen(new FirstOfAll(hook));
      }
      builder.transformMethod(method, MethodTransform.transformingCode(code));
    }
  }

  /** Puts a hook before the code of a method. */
  private record FirstOfAll(String hook) implements CodeTransform {
    @Override
    public void atStart(CodeBuilder builder) {
      builder.aload(0).invokestatic(HOOKS, hook, TAKES_OBJECT);
    }

    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
      builder.with(element);
    }
  }

  /** Whether what a method does depends on what a run before has left in a cache. */
  private static boolean isCached(ClassModel type, MethodModel method) {
    return (isOrIsIn(type, "Runner") && method.methodName().equalsString("name"))
        || (isOrIsIn(type, "ActorCell") && method.methodName().equalsString("label"));
  }

  /** The method's code in a method of its own, and around that two hooks. */
  private static void around(
      ClassBuilder builder, ClassModel type, MethodModel method, String before, String after) {
    String body = method.methodName().stringValue() + "$code";
    ClassDesc owner = type.thisClass().asSymbol();
    MethodTypeDesc signature = method.methodTypeSymbol();
    int plain = method.flags().flagsMask() & ~ClassFile.ACC_SYNCHRONIZED;
    builder.withMethod(
        body,
        signature,
        ClassFile.ACC_FINAL,
        m -> m.transformCode(method.code().orElseThrow(), new Points(topLevel(type))));
    builder.withMethodBody(
        method.methodName().stringValue(),
        signature,
        plain,
        code -> code.aload(0)
            .loadConstant(topLevel(type))
            .invokestatic(HOOKS, before, TAKES_OBJECT_AND_NAME)
            .trying(
                inner -> {
                  inner.aload(0);
                  for (int i = 0; i < signature.parameterCount(); i++) {
                    inner.loadLocal(
                        TypeKind.from(signature.parameterType(i)), inner.parameterSlot(i));
                  }
                  inner.invokevirtual(owner, body, signature);
                  inner.aload(0).invokestatic(HOOKS, after, TAKES_OBJECT);
                  inner.return_(TypeKind.from(signature.returnType()));
                },
                outer -> outer.catchingAll(
                    thrown -> thrown.aload(0)
                        .invokestatic(HOOKS, after, TAKES_OBJECT)
                        .athrow())));
  }

  private static boolean isHashedByAddress(ClassModel type) {
    String above = type.superclass().map(c -> c.asInternalName()).orElse("");
    return !type.flags().has(AccessFlag.INTERFACE)
        && !above.startsWith("dev/manta/")
        && !above.equals("java/lang/Record")
        && !above.equals("java/lang/Enum")
        && type.methods().stream().noneMatch(m -> m.methodName().equalsString("hashCode"));
  }

  private static void addHashCode(ClassBuilder builder) {
    builder.withMethodBody(
        "hashCode",
        MethodTypeDesc.of(ConstantDescs.CD_int),
        ClassFile.ACC_PUBLIC,
        code -> code.aload(0)
            .invokestatic(
                HOOKS,
                "hash",
                MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_Object))
            .ireturn());
  }

  /** Puts the simulator's hooks into the code of a method. */
  private record Points(String code) implements CodeTransform {
    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
      switch (element) {
        case FieldInstruction f when isState(f) -> {
          checkpoint(builder);
          builder.with(f);
        }
        case InvokeInstruction i when isThreads(i) -> {
          MethodTypeDesc type = i.typeSymbol();
          builder.invokestatic(
              HOOKS,
              i.name().stringValue(),
              i.opcode() == Opcode.INVOKESTATIC ? type : type.insertParameterTypes(0, THREAD));
        }
        case InvokeInstruction i when runsCodeInAMap(i) -> { // which holds a lock meanwhile
          checkpoint(builder);
          builder.aconst_null()
              .loadConstant(code)
              .invokestatic(HOOKS, "hold", TAKES_OBJECT_AND_NAME);
          builder.with(i);
          builder.aconst_null().invokestatic(HOOKS, "unhold", TAKES_OBJECT);
        }
        case InvokeInstruction i when isAtomic(i.owner().asInternalName()) -> {
          checkpoint(builder);
          builder.with(i);
        }
        case MonitorInstruction m when m.opcode() == Opcode.MONITORENTER ->
            builder.dup()
                .loadConstant(code)
                .invokestatic(HOOKS, "entering", TAKES_OBJECT_AND_NAME)
                .with(m);
        case MonitorInstruction m ->
            builder.dup().with(m).invokestatic(HOOKS, "exited", TAKES_OBJECT);
        default -> builder.with(element);
      }
    }

    private static boolean isState(FieldInstruction f) {
      return f.owner().asInternalName().startsWith("dev/manta/engine/")
          && (f.opcode() == Opcode.GETFIELD || f.opcode() == Opcode.PUTFIELD);
    }

    private static boolean runsCodeInAMap(InvokeInstruction i) {
      return i.owner().asInternalName().equals("java/util/concurrent/ConcurrentHashMap")
          && (i.name().stringValue().startsWith("compute") || i.name().equalsString("merge"));
    }

    private static boolean isThreads(InvokeInstruction i) {
      return i.owner().asInternalName().equals("java/lang/Thread")
          && THREAD_METHODS.contains(i.name().stringValue());
    }

    private static boolean isAtomic(String owner) {
      return owner.equals("java/lang/invoke/VarHandle")
          || owner.startsWith("java/util/concurrent/");
    }

    private static void checkpoint(CodeBuilder builder) {
      builder.invokestatic(HOOKS, "checkpoint", MethodTypeDesc.of(ConstantDescs.CD_void));
    }
  }
}
