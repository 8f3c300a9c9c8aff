package dev.manta.runtime.codec;

import dev.manta.engine.NotCopyableException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Classes by their names, for other processes. From outside come only classes of the program's own
 * class path, and those of the JDK that hold data.
 */
final class ClassNames {
  private static final Map<String, Class<?>> PRIMITIVES =
      Stream.of(
          void.class, boolean.class, byte.class, short.class, char.class, int.class, long.class,
          float.class, double.class)
          .collect(Collectors.toUnmodifiableMap(Class::getName, Function.identity()));

  /** Packages of the JDK whose classes may come. */
  private static final List<String> DATA =
      List.of(
          "java.lang.", "java.math.", "java.net.", "java.nio.", "java.time.", "java.util.",
          "java.io.", "java.sql.", "java.text.", "java.awt.geom.");

  /** Those among them that do things: packages, and classes with all that they contain. */
  private static final List<String> NO_DATA =
      List.of(
          "java.lang.Process", "java.lang.ProcessBuilder", "java.lang.ProcessHandle",
          "java.lang.Runtime", "java.lang.Thread", "java.lang.ThreadGroup",
          "java.lang.ClassLoader", "java.lang.Module", "java.lang.ModuleLayer",
          "java.lang.System", "java.lang.invoke.", "java.lang.reflect.", "java.lang.foreign.",
          "java.lang.module.", "java.lang.instrument.", "java.net.URLClassLoader",
          "java.util.ServiceLoader", "java.util.jar.", "java.util.logging.", "java.util.zip.",
          "java.util.spi.", "java.nio.channels.", "java.nio.file.spi.");

  /** What all kinds of memory come as. */
  private static final String MEMORY = MemorySegment.class.getName();

  private ClassNames() {}

  /**
   * The names of classes.
   *
   * @throws NotCopyableException for one that only exists in this process
   */
  static List<String> of(Class<?>[] classes) {
    List<String> names = new ArrayList<>(classes.length);
    for (Class<?> c : classes) {
      if (c.isHidden()) {
        throw new NotCopyableException(
            "",
            c.getName()
                + " only exists in this process (it is a lambda, or made at run time): pass the data"
                + " that it uses, or a named class");
      }
      names.add(c.getName());
    }
    return names;
  }

  /**
   * The classes of those names.
   *
   * @throws NotCopyableException for one that is missing here, or may not come from outside
   */
  static Class<?>[] find(List<String> names, ClassLoader loader) {
    Class<?>[] classes = new Class<?>[names.size()];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = find(names.get(i), loader);
    }
    return classes;
  }

  /**
   * The class of that name.
   *
   * @throws NotCopyableException if it is missing here, or may not come from outside
   */
  static Class<?> find(String name, ClassLoader loader) {
    Class<?> primitive = PRIMITIVES.get(name);
    if (primitive != null) {
      return primitive;
    }
    Class<?> found;
    try {
      found = Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      throw new NotCopyableException("", "the process that is to read it lacks the class " + name);
    }
    checkMayCome(found);
    return found;
  }

  /** The names of those that are none of the JDK's. */
  static String ofProgram(Class<?>[] classes) {
    return Arrays.stream(classes)
        .filter(c -> !Serializers.isOfJdk(c))
        .map(Class::getName)
        .collect(Collectors.joining(", "));
  }

  /**
   * Checks a class that something from outside refers to.
   *
   * @throws NotCopyableException if it may not come from outside
   */
  static void checkMayCome(Class<?> found) {
    Class<?> element = found;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    if (!element.isPrimitive() && Serializers.isOfJdk(element) && !isData(element.getName())) {
      throw new NotCopyableException("", found.getName() + " may not come from another process");
    }
  }

  private static boolean isData(String name) {
    boolean isIn = DATA.stream().anyMatch(name::startsWith);
    return name.equals(MEMORY) || (isIn && NO_DATA.stream().noneMatch(n -> isPart(name, n)));
  }

  private static boolean isPart(String name, String of) {
    return of.endsWith(".") ? name.startsWith(of) : name.equals(of) || name.startsWith(of + "$");
  }
}
