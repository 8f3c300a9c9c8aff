package dev.manta.simulator;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A fault in one method of the engine.
 *
 * @param fault what is wrong, in words
 * @param type the simple name of the class file
 * @param style the programs of many processes in which it is sought; null for any
 */
record Mutant(String fault, String type, String method, Change change, Style style)
    implements UnaryOperator<byte[]> {

  Mutant(String fault, String type, String method, Change change) {
    this(fault, type, method, change, null);
  }

  /** The same, sought in programs of a style. */
  Mutant in(Style programs) {
    return new Mutant(fault, type, method, change, programs);
  }

  /** Puts other code in the place of an element; false leaves the element as it is. */
  interface Change {
    boolean replace(CodeBuilder code, CodeElement element);
  }

  @Override
  public byte[] apply(byte[] bytes) {
    ClassFile files = ClassFile.of();
    ClassModel model = files.parse(bytes);
    if (!model.thisClass().asInternalName().equals("dev/manta/engine/" + type)) {
      return bytes;
    }
    AtomicInteger changes = new AtomicInteger();
    byte[] mutated =
        files.transformClass(
            model,
            (builder, element) -> {
              if (element instanceof MethodModel m && m.methodName().equalsString(method)) {
                builder.transformMethod(
                    m,
                    MethodTransform.transformingCode(
                        (code, e) -> {
                          if (change.replace(code, e)) {
                            changes.incrementAndGet();
                          } else {
                            code.with(e);
                          }
                        }));
              } else {
                builder.with(element);
              }
            });
    if (changes.get() == 0) {
      throw new IllegalStateException("nothing to change for \"" + fault + "\": adapt it");
    }
    return mutated;
  }

  // ---- kinds of changes

  /** Calls of a method are left out; one that answers answers {@code answer}. */
  static Change without(String called, int answer) {
    return (code, element) -> {
      if (!(element instanceof InvokeInstruction i) || !i.name().equalsString(called)) {
        return false;
      }
      discardArguments(code, i);
      push(code, i.typeSymbol().returnType(), answer);
      return true;
    };
  }

  static Change without(String called) {
    return without(called, 0);
  }

  /** Calls of a method are made, and their answer is taken for another. */
  static Change answer(String called, int answer) {
    return (code, element) -> {
      if (!(element instanceof InvokeInstruction i) || !i.name().equalsString(called)) {
        return false;
      }
      code.with(i).pop().loadConstant(answer);
      return true;
    };
  }

  /** A field is read as a constant. */
  static Change constant(String field, int value) {
    return (code, element) -> {
      if (!isRead(element, field)) {
        return false;
      }
      code.pop();
      push(code, ((FieldInstruction) element).typeSymbol(), value);
      return true;
    };
  }

  /** Another field of the class is read. */
  static Change confuse(String field, String with) {
    return (code, element) -> {
      if (!isRead(element, field)) {
        return false;
      }
      FieldInstruction f = (FieldInstruction) element;
      code.getfield(f.owner().asSymbol(), with, f.typeSymbol());
      return true;
    };
  }

  /** A field is not written. */
  static Change unwritten(String field) {
    return (code, element) -> {
      if (!(element instanceof FieldInstruction f)
          || f.opcode() != Opcode.PUTFIELD
          || !f.name().equalsString(field)) {
        return false;
      }
      discard(code, f.typeSymbol());
      code.pop();
      return true;
    };
  }

  /** Another method with the same signature is called. */
  static Change instead(String called, String other) {
    return (code, element) -> {
      if (!(element instanceof InvokeInstruction i) || !i.name().equalsString(called)) {
        return false;
      }
      code.invoke(
          i.opcode(), i.owner().asSymbol(), other, i.typeSymbol(), i.isInterface());
      return true;
    };
  }

  /** A method is called twice. */
  static Change twice(String called) {
    return (code, element) -> {
      if (!(element instanceof InvokeInstruction i) || !i.name().equalsString(called)) {
        return false;
      }
      List<ClassDesc> arguments = new ArrayList<>(i.typeSymbol().parameterList());
      if (i.opcode() != Opcode.INVOKESTATIC) {
        arguments.addFirst(i.owner().asSymbol());
      }
      int[] locals = new int[arguments.size()];
      for (int a = locals.length - 1; a >= 0; a--) {
        TypeKind kind = TypeKind.from(arguments.get(a));
        locals[a] = code.allocateLocal(kind);
        code.storeLocal(kind, locals[a]);
      }
      for (int time = 0; time < 2; time++) {
        if (time > 0 && TypeKind.from(i.typeSymbol().returnType()) != TypeKind.VOID) {
          discard(code, i.typeSymbol().returnType());
        }
        for (int a = 0; a < locals.length; a++) {
          code.loadLocal(TypeKind.from(arguments.get(a)), locals[a]);
        }
        code.with(i);
      }
      return true;
    };
  }

  /** What is to have a virtual thread of its own is done at once. */
  static Change atOnce() {
    return (code, element) -> {
      if (!(element instanceof InvokeInstruction i) || !i.name().equalsString("startVirtual")) {
        return false;
      }
      code.invokeinterface(
          ClassDesc.of("java.lang.Runnable"),
          "run",
          MethodTypeDesc.of(ConstantDescs.CD_void));
      code.pop2().aconst_null(); // the name and the host
      return true;
    };
  }

  /** The method returns something else. */
  static Change returns(int value) {
    return (code, element) -> {
      if (!(element instanceof ReturnInstruction r)) {
        return false;
      }
      code.pop().loadConstant(value).with(r);
      return true;
    };
  }

  /** A constant is another one. */
  static Change constants(int from, int to) {
    return (code, element) -> {
      if (!(element instanceof ConstantInstruction c) || !Integer.valueOf(from)
          .equals(
              c.constantValue())) {
        return false;
      }
      code.loadConstant(to);
      return true;
    };
  }

  private static boolean isRead(CodeElement element, String field) {
    return element instanceof FieldInstruction f
        && f.opcode() == Opcode.GETFIELD
        && f.name().equalsString(field);
  }

  private static void discardArguments(CodeBuilder code, InvokeInstruction i) {
    MethodTypeDesc type = i.typeSymbol();
    for (ClassDesc parameter : type.parameterList().reversed()) {
      discard(code, parameter);
    }
    if (i.opcode() != Opcode.INVOKESTATIC) {
      code.pop();
    }
  }

  private static void discard(CodeBuilder code, ClassDesc type) {
    if (TypeKind.from(type).slotSize() == 2) {
      code.pop2();
    } else {
      code.pop();
    }
  }

  private static void push(CodeBuilder code, ClassDesc type, int value) {
    switch (TypeKind.from(type)) {
      case VOID -> {
      }
      case REFERENCE -> code.aconst_null();
      case LONG -> code.loadConstant((long) value);
      default -> code.loadConstant(value);
    }
  }

  @Override
  public String toString() {
    return fault;
  }
}
