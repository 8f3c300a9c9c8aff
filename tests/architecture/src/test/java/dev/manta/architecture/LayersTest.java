package dev.manta.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** DESIGN, "Layers": the API needs nothing, the engine the API, the runtime both and its codec. */
class LayersTest {
  private static final String JSPECIFY = "org.jspecify.annotations";

  /** The packages of java.base that a class may be in, as ArchUnit writes them. */
  private static final String[] JAVA_BASE =
      ModuleLayer.boot()
          .findModule("java.base")
          .orElseThrow()
          .getDescriptor()
          .exports()
          .stream()
          .filter(e -> !e.isQualified())
          .map(e -> e.source())
          .filter(p -> p.startsWith("java"))
          .toArray(String[]::new);

  private static String[] javaBaseAnd(String... more) {
    return Stream.concat(Arrays.stream(JAVA_BASE), Arrays.stream(more)).toArray(String[]::new);
  }

  private static void assertNeedsNothingBut(JavaClasses classes, String... packages) {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideOutsideOfPackages(packages)
                .and(DescribedPredicate.describe(
                    "are no primitives", c -> !c.getBaseComponentType().isPrimitive()))
                .as("are anywhere else"))
        .check(classes);
  }

  /** The API. */
  @Test
  void api_needsJavaBaseAlone() {
    assertThat(Sources.API).isNotEmpty();
    assertNeedsNothingBut(Sources.API, javaBaseAnd("dev.manta", "dev.manta.spi", JSPECIFY));
  }

  /** The engine. */
  @Test
  void engine_needsTheApiAndJavaBaseAlone() {
    assertThat(Sources.ENGINE).isNotEmpty();
    assertNeedsNothingBut(
        Sources.ENGINE,
        javaBaseAnd("dev.manta", "dev.manta.spi", "dev.manta.engine..", JSPECIFY));
  }

  /** The runtime. */
  @Test
  void runtime_needsTheEngineAndItsCodecAlone() {
    assertThat(Sources.RUNTIME).isNotEmpty();
    assertNeedsNothingBut(
        Sources.RUNTIME,
        javaBaseAnd(
            "dev.manta",
            "dev.manta.spi",
            "dev.manta.engine..",
            "dev.manta.runtime..",
            "com.esotericsoftware.kryo..",
            "org.objenesis..",
            "jdk.jfr",
            JSPECIFY));
  }

  /** What carries frames, starts processes and shares memory knows nothing of the other two. */
  @Test
  void partsOfTheCluster_areIndependent() {
    for (String part : new String[]{"net", "workers", "memory"}) {
      noClasses()
          .that()
          .resideInAPackage("dev.manta.cluster." + part)
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.manta.cluster..")
                  .and(resideOutsideOfPackages("dev.manta.cluster." + part)))
          .check(Sources.CLUSTER);
    }
  }

  /** The rule can fail: the runtime is no API. */
  @Test
  void rule_findsWhatIsElsewhere() {
    assertThatThrownBy(
        () -> assertNeedsNothingBut(
            Sources.RUNTIME, javaBaseAnd("dev.manta", "dev.manta.runtime..", JSPECIFY)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("com.esotericsoftware.kryo")
        .hasMessageContaining("dev.manta.engine");
  }

  /** What only the engine itself uses is the engine's own. */
  @Test
  void publicTypesOfTheEngine_areUsedOutsideIt() {
    Set<String> used =
        Stream.concat(Sources.RUNTIME.stream(), Sources.CLUSTER.stream())
            .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
            .map(Dependency::getTargetClass)
            .filter(resideInAPackage("dev.manta.engine"))
            .map(JavaClass::getName)
            .collect(Collectors.toSet());

    Set<String> unused =
        Sources.ENGINE
            .stream()
            .filter(resideInAPackage("dev.manta.engine"))
            .filter(c -> c.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(c -> c.getEnclosingClass().isEmpty())
            .map(JavaClass::getName)
            .filter(name -> !used.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(unused).isEmpty();
  }
}
