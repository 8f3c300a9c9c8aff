package dev.manta.modules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Opens;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code jar --describe-module} says of Manta's jars, and which packages are null-marked. */
class DescriptorsTest {
  private static final ModuleFinder FINDER =
      ModuleFinder.of(
          Arrays.stream(MantaModules.path().split(File.pathSeparator))
              .map(Path::of)
              .toArray(Path[]::new));

  private static ModuleDescriptor descriptor(String module) {
    return FINDER.find(module).orElseThrow().descriptor();
  }

  private static Set<String> needs(ModuleDescriptor module) {
    return module.requires()
        .stream()
        .filter(r -> !r.modifiers().contains(Requires.Modifier.STATIC))
        .map(Requires::name)
        .collect(Collectors.toSet());
  }

  private static Set<String> openly(ModuleDescriptor module) {
    return module.exports()
        .stream()
        .filter(e -> !e.isQualified())
        .map(Exports::source)
        .collect(Collectors.toSet());
  }

  private static Set<String> inside(ModuleDescriptor module) {
    return module.exports()
        .stream()
        .filter(Exports::isQualified)
        .map(e -> e.source() + " to " + String.join(", ", new TreeSet<>(e.targets())))
        .collect(Collectors.toSet());
  }

  /** DESIGN, "Layers": the API has no dependencies and exports one package to users. */
  @Test
  void api_exportsOnePackageAndNeedsNothing() {
    ModuleDescriptor api = descriptor("dev.manta");

    assertThat(needs(api)).containsExactly("java.base");
    assertThat(openly(api)).containsExactly("dev.manta");
    assertThat(inside(api)).containsExactly("dev.manta.spi to dev.manta.engine, dev.manta.runtime");
    assertThat(api.opens()).extracting(Opens::source).containsExactly("dev.manta");
    assertThat(api.uses()).containsExactly("dev.manta.spi.MantaProvider");
    assertThat(api.isOpen()).isFalse();
  }

  /** DESIGN, "Layers": the engine needs the API alone, and only Manta's own modules see it. */
  @Test
  void engine_isForMantasOwnModules() {
    ModuleDescriptor engine = descriptor("dev.manta.engine");

    assertThat(needs(engine)).containsExactlyInAnyOrder("java.base", "dev.manta");
    assertThat(openly(engine)).isEmpty();
    assertThat(inside(engine))
        .containsExactlyInAnyOrder(
            "dev.manta.engine to dev.manta.cluster, dev.manta.runtime",
            "dev.manta.engine.wire to dev.manta.cluster");
    assertThat(engine.opens()).isEmpty();
  }

  /** DESIGN, "Layers": the runtime is found as a service; worker processes use its classes. */
  @Test
  void runtime_providesTheServiceAndExportsNothingToUsers() {
    ModuleDescriptor runtime = descriptor("dev.manta.runtime");

    assertThat(openly(runtime)).isEmpty();
    assertThat(inside(runtime))
        .containsExactlyInAnyOrder(
            "dev.manta.runtime to dev.manta.cluster",
            "dev.manta.runtime.codec to dev.manta.cluster");
    assertThat(runtime.opens()).isEmpty();
    assertThat(runtime.provides())
        .singleElement()
        .satisfies(p -> assertThat(p.service()).isEqualTo("dev.manta.spi.MantaProvider"));
    assertThat(needs(runtime))
        .contains("java.base", "dev.manta", "dev.manta.engine", "com.esotericsoftware.kryo");
  }

  /** JSpecify: every package of ours says that null is said. */
  @ParameterizedTest
  @ValueSource(strings = {"dev.manta", "dev.manta.engine", "dev.manta.runtime"})
  void packages_areNullMarked(String module) throws Exception {
    for (String name : descriptor(module).packages()) {
      Class<?> info = Class.forName(name + ".package-info");

      assertThat(info.isAnnotationPresent(NullMarked.class)).as(name).isTrue();
    }
  }
}
