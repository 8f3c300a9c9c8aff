package dev.manta.cluster.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Scanner;

/**
 * A process with a store that does what its standard input says: {@code put <number of doubles>}
 * prints a descriptor, {@code sum <descriptor>} the sum of the doubles there.
 */
final class StoringProcess implements StoreListener {
  private StoringProcess() {}

  public static void main(String[] args) {
    Path memory = Path.of(args[0]);
    Path spill = Path.of(args[1]);
    try (SharedStore store = SharedStore.open(memory, spill, Integer.parseInt(args[2]),
        Folders.limits(16, 16, 64), new StoringProcess());
        Scanner in = new Scanner(System.in, java.nio.charset.StandardCharsets.UTF_8)) {
      System.out.println("ready");
      while (in.hasNext()) {
        String command = in.next();
        if (command.equals("put")) {
          double[] values = new double[in.nextInt()];
          java.util.Arrays.setAll(values, i -> i);
          System.out.println(text(SharedValues.putArray(store, values)));
        } else if (command.equals("sum")) {
          System.out.println(sum(store.view(stored(in.next()), () -> {})));
        } else {
          return;
        }
      }
    }
  }

  static String text(Stored stored) {
    ByteBuffer bytes = ByteBuffer.allocate(Stored.BYTES);
    stored.writeTo(bytes);
    return HexFormat.of().formatHex(bytes.array());
  }

  static Stored stored(String text) {
    return Stored.readFrom(ByteBuffer.wrap(HexFormat.of().parseHex(text)));
  }

  static double sum(MemorySegment values) {
    double sum = 0;
    for (long i = 0; i < values.byteSize() / Double.BYTES; i++) {
      sum += values.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
    }
    return sum;
  }

  @Override
  public void pressure(long bytes) {}

  @Override
  public void unmapped(Stored stored) {}
}
