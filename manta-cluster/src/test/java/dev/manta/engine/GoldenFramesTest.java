package dev.manta.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The bytes of frames are those of the files in {@code golden/v1}. {@code -Dgolden.write=true} writes
 * the files: for a new version of the protocol, in a folder of its own.
 */
class GoldenFramesTest {
  static final Path FOLDER = Path.of("src/test/resources/golden/v" + Frames.VERSION);
  private static final int LINE = 32;

  @Test
  void frames_haveTheBytesOfTheirVersion() throws Exception {
    Map<String, GoldenScenario.Golden> now = GoldenScenario.run();
    if (Boolean.getBoolean("golden.write")) {
      Files.createDirectories(FOLDER);
      for (GoldenScenario.Golden g : now.values()) {
        Files.writeString(FOLDER.resolve(g.name() + ".hex"), text(g));
      }
    }

    Set<String> names = new TreeSet<>();
    for (GoldenScenario.Golden golden : read()) {
      names.add(golden.name());
      GoldenScenario.Golden frame = now.get(golden.name());
      assertThat(frame == null ? "" : text(frame))
          .as(
              "the frame \"%s\" has changed: processes of two builds would misread each other."
                  + " Undo that, or raise Frames.VERSION and add golden files of the new version",
              golden.name())
          .isEqualTo(text(golden));
    }
    assertThat(names).isEqualTo(new TreeSet<>(now.keySet()));
  }

  /** Every type has a file; type 19 was never sent. */
  @Test
  void everyType_hasAFile() throws IOException {
    Set<Integer> types = new TreeSet<>();
    for (GoldenScenario.Golden golden : read()) {
      types.add((int) golden.bytes()[0]);
    }
    Set<Integer> all = new TreeSet<>();
    for (int type = Frames.CODE; type <= Frames.HELD; type++) {
      if (type != Frames.STREAM) {
        all.add(type);
      }
    }
    assertThat(types).isEqualTo(all);
  }

  @Test
  void frames_areReadBack() throws Exception {
    List<GoldenScenario.Golden> all = read();
    all.removeIf(g -> g.bytes()[0] == Frames.CLOSE); // it ends the reader
    all.removeIf(g -> g.bytes()[0] == Frames.RETIRED); // an answer to who has asked
    try (WireNetwork network = new WireNetwork()) {
      Engine driver = network.add(0, true);
      Engine worker = network.add(1, true);
      network.carryNothing();
      byte[] code = bytes(FOLDER.resolve("code-method-reference.hex"));
      for (GoldenScenario.Golden g : all) {
        Peers reader = (g.to() == 0 ? driver : worker).peers();
        int from = g.to() == 0 ? 1 : 0;
        Peer peer = reader.peer(from);
        if (g.bytes()[0] == Frames.CODE) {
          Codes codes = new Codes(peer);
          fill(codes, code, g.bytes()[1]);
          codes.received(new WireReader(ByteBuffer.wrap(g.bytes(), 1, g.bytes().length - 1)));
        } else {
          fill(peer.codes, code, 60);
          reader.received(from, ByteBuffer.wrap(g.bytes()));
        }
      }
      network.quiet();

      assertThat(network.drops).isEmpty();
    }
  }

  /** Notes the same code under all numbers below one. */
  static void fill(Codes codes, byte[] code, int below) {
    for (int number = 0; number < below; number++) {
      if (codes.known() > number) {
        continue;
      }
      byte[] frame = code.clone();
      frame[1] = (byte) number;
      codes.received(new WireReader(ByteBuffer.wrap(frame, 1, frame.length - 1)));
    }
  }

  /** All files, in the order of their names. */
  static List<GoldenScenario.Golden> read() throws IOException {
    return read(FOLDER);
  }

  static List<GoldenScenario.Golden> read(Path folder) throws IOException {
    List<GoldenScenario.Golden> all = new ArrayList<>();
    try (var files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString().replace(".hex", "");
        String head = Files.readAllLines(file).get(0);
        int from = Integer.parseInt(head.replaceAll(".*from process (\\d+) to (\\d+).*", "$1"));
        int to = Integer.parseInt(head.replaceAll(".*from process (\\d+) to (\\d+).*", "$2"));
        all.add(new GoldenScenario.Golden(name, from, to, bytes(file)));
      }
    }
    return all;
  }

  private static byte[] bytes(Path file) throws IOException {
    StringBuilder hex = new StringBuilder();
    for (String line : Files.readAllLines(file)) {
      hex.append(line.replaceFirst("#.*", "").replace(" ", ""));
    }
    return HexFormat.of().parseHex(hex);
  }

  /** Hexadecimal, with the text that can be read beside it. */
  private static String text(GoldenScenario.Golden g) {
    StringBuilder out = new StringBuilder();
    out.append("# ")
        .append(g.name())
        .append(": type ")
        .append(g.bytes()[0])
        .append(", from process ")
        .append(g.from())
        .append(" to ")
        .append(g.to())
        .append('\n');
    for (int at = 0; at < g.bytes().length; at += LINE) {
      int end = Math.min(g.bytes().length, at + LINE);
      out.append(HexFormat.ofDelimiter(" ").formatHex(g.bytes(), at, end)).append("  # ");
      for (int i = at; i < end; i++) {
        byte b = g.bytes()[i];
        out.append(b > ' ' && b < 127 ? (char) b : '.');
      }
      out.append('\n');
    }
    return out.toString();
  }
}
