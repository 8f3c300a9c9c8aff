package dev.manta.cluster.workers;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The JVM options of this process that its workers get too: those that change what a program does
 * or whether it is allowed to. Not heap sizes, collectors, agents, debuggers and ports, which are
 * for one process.
 */
final class ParentOptions {
  private static final List<String> KEPT =
      List.of(
          "-D",
          "-ea",
          "-enableassertions",
          "-da",
          "-disableassertions",
          "-esa",
          "-enablesystemassertions",
          "-dsa",
          "-disablesystemassertions",
          "-Xbootclasspath/a:",
          "--add-exports=",
          "--add-modules=",
          "--add-opens=",
          "--add-reads=",
          "--enable-native-access=",
          "--enable-preview",
          "--illegal-native-access=",
          "--limit-modules=",
          "--patch-module=",
          "--sun-misc-unsafe-memory-access=",
          "--upgrade-module-path=");

  /** Ports and files of one process, and what the launcher itself sets. */
  private static final List<String> DROPPED =
      List.of(
          "-Dcom.sun.management.",
          "-Djava.class.path=",
          "-Djdk.module.",
          "-Dsun.java.");

  /** Variables from which a JVM takes options, whatever its command line is. */
  private static final List<String> VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private ParentOptions() {}

  /** Those of this process. */
  static List<String> ofThisJvm() {
    return kept(ManagementFactory.getRuntimeMXBean().getInputArguments());
  }

  static List<String> kept(List<String> options) {
    var kept = new ArrayList<String>();
    for (var option : options) {
      if (KEPT.stream().anyMatch(option::startsWith)
          && DROPPED.stream().noneMatch(option::startsWith)) {
        kept.add(option);
      }
    }
    return kept;
  }

  /** Takes a debugger out of an environment: its port is taken, or the worker would wait for it. */
  static void removeDebugger(Map<String, String> environment) {
    for (var variable : VARIABLES) {
      environment.computeIfPresent(
          variable,
          (_, options) -> options.replaceAll("\\S*(jdwp|-Xdebug)\\S*", "").strip());
    }
  }
}
