package dev.manta.benchmarks.processes;

import io.netty.util.Version;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorSystem;
import org.jspecify.annotations.Nullable;

/** The kept figures. */
final class Json {
  private Json() {}

  static String of(List<Comparison> comparisons) {
    return """
        {
          "measured": "%s",
          "processors": %d,
          "java": "%s",
          "system": "%s",
          "versions": {"ray": "%s", "numpy": "%s", "pekko": "%s", "netty": "%s"},
          "figures": [
        %s
          ]
        }
        """.formatted(
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        RayEnvironment.RAY,
        RayEnvironment.NUMPY,
        ActorSystem.Version(),
        Version.identify().get("netty-transport").artifactVersion(),
        comparisons.stream().map(Json::line).collect(Collectors.joining(",\n")));
  }

  private static String line(Comparison comparison) {
    return String.format(
        Locale.ROOT,
        "    {\"name\": \"%s\", \"peer\": \"%s\", \"unit\": \"%s\", \"better\": \"%s\", "
            + "\"manta\": %s, \"theirs\": %s, \"ratio\": %s, \"wanted\": %s}",
        comparison.figure(), comparison.peer(), comparison.unit(),
        comparison.rates() ? "more" : "less", number(comparison.manta()),
        number(comparison.theirs()), number(comparison.ratio()),
        comparison.wanted() == 0 ? "null" : number(comparison.wanted()));
  }

  private static String number(@Nullable Double value) {
    return value == null ? "null" : String.format(Locale.ROOT, "%.4g", value);
  }
}
