package dev.manta.cluster.workers;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where the classes of this program are, for another JVM to run it.
 *
 * @param java the command {@code java} of this JVM's own runtime
 * @param classPath absolute, or empty
 * @param modulePath absolute, or empty
 * @param mainModule the module of the main class, if it is in a named one
 * @param manta the module of Manta's worker classes, if they are in a named one
 * @param launcher the main class that loads those of jars in a jar, if the program has been started so
 * @param nativeModules the modules that a JVM is told may call native code without a warning
 */
record ProgramPath(
    Path java,
    String classPath,
    String modulePath,
    Optional<String> mainModule,
    Optional<String> manta,
    Optional<String> launcher,
    List<String> nativeModules) {
  /** Spring Boot's, of a jar with jars in it, and the launchers there that can be told what to run. */
  private static final Map<String, String> LAUNCHERS =
      Map.of(
          "org.springframework.boot.loader.launch.LaunchedClassLoader",
          "org.springframework.boot.loader.launch.PropertiesLauncher",
          "org.springframework.boot.loader.LaunchedURLClassLoader",
          "org.springframework.boot.loader.PropertiesLauncher");

  private static final String ADVICE = " Or start Manta without processes.";

  /**
   * That of this JVM.
   *
   * @throws IllegalStateException if no other JVM could load the classes; the message says why, and
   *     what to do
   */
  static ProgramPath ofThisJvm() {
    checkMainClass(System.getProperty("sun.java.command", ""));
    var launcher = launcher(WorkerMain.class.getClassLoader());
    if (launcher.isEmpty()) {
      checkLoader(WorkerMain.class);
    }
    var module = WorkerMain.class.getModule();
    return new ProgramPath(
        java(System.getProperty("java.home")),
        absolute(System.getProperty("java.class.path", "")),
        absolute(System.getProperty("jdk.module.path", "")),
        Optional.ofNullable(System.getProperty("jdk.module.main")),
        Optional.ofNullable(module.getName()),
        launcher,
        modulesWithNativeCode());
  }

  /** Programs whose classes are in no file. */
  static void checkMainClass(String command) {
    int end = command.indexOf(' ');
    var main = end < 0 ? command : command.substring(0, end); // a class, module/class or the path of a jar
    if (main.startsWith("jdk.jshell")) {
      throw new IllegalStateException(
          "Worker processes cannot load what is defined in JShell: its classes exist only in this"
              + " JVM. Compile them and put them on the class path." + ADVICE);
    }
    if (main.startsWith("jdk.compiler/com.sun.tools.javac.launcher.")) {
      throw new IllegalStateException(
          "Worker processes cannot load a program that is run from its source file: its classes"
              + " exist only in this JVM. Compile it with javac and run it with java -cp."
              + ADVICE);
    }
  }

  private static Optional<String> launcher(@Nullable ClassLoader loader) {
    return loader == null
        ? Optional.empty()
        : Optional.ofNullable(LAUNCHERS.get(loader.getClass().getName()));
  }

  /** Class loaders that know other places than the class path and the module path. */
  static void checkLoader(Class<?> type) {
    var loader = type.getClassLoader();
    boolean onModulePath = ModuleLayer.boot().equals(type.getModule().getLayer());
    if (onModulePath || ClassLoader.getSystemClassLoader().equals(loader)) {
      return;
    }
    throw new IllegalStateException(
        "Worker processes are given the class path of this JVM, but Manta was loaded from %s by %s."
            .formatted(place(type.getProtectionDomain().getCodeSource()), loader)
            + " Start the program with all of its classes on the class path, or from a jar of Spring"
            + " Boot's; another jar with jars in it must be unpacked."
            + ADVICE);
  }

  private static String place(@Nullable CodeSource source) {
    return source == null || source.getLocation() == null
        ? "an unknown place"
        : source.getLocation().toString();
  }

  static Path java(@Nullable String home) {
    if (home != null) {
      for (var name : List.of("java", "java.exe")) {
        var java = Path.of(home, "bin", name);
        if (Files.isExecutable(java)) {
          return java;
        }
      }
    }
    throw new IllegalStateException(
        "Worker processes need the command java, and the runtime of this program has none (%s):"
            .formatted(home == null ? "it has no java.home" : "no bin/java in " + home)
            + " run it on a JDK, or on an image that keeps its native commands." + ADVICE);
  }

  /** Each part made absolute: a worker may be started when "." no longer says the same. */
  static String absolute(String path) {
    if (path.isEmpty()) {
      return "";
    }
    var parts = path.split(File.pathSeparator, -1);
    for (int i = 0; i < parts.length; i++) {
      parts[i] = Path.of(parts[i]).toAbsolutePath().toString();
    }
    return String.join(File.pathSeparator, parts);
  }

  private static List<String> modulesWithNativeCode() {
    var names = new TreeSet<String>();
    for (var module : ModuleLayer.boot().modules()) {
      var name = module.getName();
      if (!name.startsWith("java.") && !name.startsWith("jdk.")) {
        names.add(name);
      }
    }
    var all = new ArrayList<>(List.of("ALL-UNNAMED"));
    all.addAll(names);
    return all;
  }
}
