package dev.manta.examples.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  @Test
  void of_nothingGiven_isTheWholeDemo() {
    Settings settings = Settings.of(new Properties());

    assertThat(settings).isEqualTo(new Settings(0, false, 20_000, 500, 1_000, List.of(), false));
  }

  @Test
  void of_backends_takesEachAddress() {
    Settings settings = Settings.of(given("backends", "http://127.0.0.1:80/, http://localhost:81"));

    assertThat(settings.backends()).containsExactly("http://127.0.0.1:80", "http://localhost:81");
  }

  @ParameterizedTest
  @CsvSource({
      "requests, 0", "requests, many", "clients, -1", "clients, 10001", "maxConcurrency, 1e3",
      "backends, localhost", "backends, ftp://localhost", "backends, http://localhost:70000",
      "short, yes", "processes, -1", "processes, two", "kill, maybe"
  })
  void of_badValue_namesThePropertyAndTheValue(String name, String value) {
    assertThatThrownBy(() -> Settings.of(given(name, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-D" + name)
        .hasMessageContaining(value);
  }

  @Test
  void of_killWithoutProcesses_saysWhatToAdd() {
    assertThatThrownBy(() -> Settings.of(given("kill", "")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("add -Dprocesses=4");
  }

  @Test
  void of_processesAndKill_areTaken() {
    Properties properties = given("processes", "2");
    properties.setProperty("kill", "");

    Settings settings = Settings.of(properties);

    assertThat(settings.processes()).isEqualTo(2);
    assertThat(settings.kill()).isTrue();
  }

  private static Properties given(String name, String value) {
    Properties properties = new Properties();
    properties.setProperty(name, value);
    return properties;
  }
}
