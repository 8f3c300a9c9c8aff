package dev.manta.cluster.workers;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
          "-Xss",
          "-XX:ThreadStackSize=",
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
          "-Ddev.manta.processes=",
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
      if (beginsAs(option, KEPT) && !beginsAs(option, DROPPED)) {
        kept.add(option);
      }
    }
    return kept;
  }

  /** The first option that begins as one of these do; null if there is none. */
  static @Nullable String firstOf(List<String> options, List<String> beginnings) {
    for (var option : options) {
      if (beginsAs(option, beginnings)) {
        return option;
      }
    }
    return null;
  }

  private static boolean beginsAs(String option, List<String> beginnings) {
    for (var beginning : beginnings) {
      if (option.startsWith(beginning)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes out of an environment what two JVMs can't both have: debuggers, whose port is taken or who
   * would be waited for, other ports, and files that each would write. Other agents stay: who names
   * one in the environment wants it in every JVM.
   */
  static void clean(Map<String, String> environment) {
    for (var variable : VARIABLES) {
      environment.computeIfPresent(
          variable,
          (_, options) -> clean(options));
    }
  }

  /** Null if nothing is left: a JVM says which variables it has taken options from. */
  private static @Nullable String clean(String options) {
    var left =
        Words.OPTION.matcher(options)
            .results()
            .map(MatchResult::group)
            .filter(option -> !Words.OF_ONE_PROCESS.matcher(option).lookingAt())
            .collect(Collectors.joining(" "));
    return left.isEmpty() ? null : left;
  }

  /** Loaded where such a variable is set, which is seldom. */
  private static final class Words {
    /** An option in a variable, with its quotes. */
    static final Pattern OPTION = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");

    static final Pattern OF_ONE_PROCESS =
        Pattern.compile(
            "[\"']?(-agentlib:jdwp|-agentpath:\\S*jdwp|-Xrunjdwp|-Xdebug"
                + "|-Dcom\\.sun\\.management\\.|-Ddev\\.manta\\.processes="
                + "|-XX:(StartFlightRecording|HeapDumpPath|ErrorFile|LogFile|ReplayDataFile"
                + "|AOTMode|AOTConfiguration|AOTCacheOutput|ArchiveClassesAtExit)\\b"
                + "|-Xloggc:|-Xlog:.*file=)");
  }
}
