package dev.manta.engine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Writes the few classes of values that programs of many processes pass. */
final class FlatCodec implements Codec {
  private static final int NULL = 0;
  private static final int INT = 1;
  private static final int ARRAY = 2;
  private static final int LUGGAGE = 3;
  private static final int HANDLE = 4;
  private static final int APP_ERROR = 5;
  private static final int ERROR = 6;

  /** What is written; refs and handles beside it. */
  private record Flat(Block bytes, List<Object> handles) implements Encoded {
    @Override
    public long size() {
      return bytes.size();
    }

    /* Looked up by what it is, as the encoded values of the real codec. */
    @Override
    public boolean equals(Object o) {
      return this == o;
    }

    @Override
    public int hashCode() {
      return Hooks.hash(this);
    }
  }

  @Override
  public Encoded encode(Object value, Boundary boundary) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<Object> handles = new ArrayList<>();
    try {
      write(value, new DataOutputStream(bytes), handles, boundary);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Flat(Block.of(MemorySegment.ofArray(bytes.toByteArray())), handles);
  }

  private static void write(
      Object value, DataOutputStream out, List<Object> handles, Boundary boundary)
      throws IOException {
    switch (value) {
      case null -> out.writeByte(NULL);
      case Integer i -> {
        out.writeByte(INT);
        out.writeInt(i);
      }
      case Object[] all -> {
        out.writeByte(ARRAY);
        out.writeInt(all.length);
        for (Object o : all) {
          write(o, out, handles, boundary);
        }
      }
      case Luggage l -> {
        out.writeByte(LUGGAGE);
        out.writeInt(l.number);
        out.writeInt(l.items.size());
        for (int i = 0; i < l.items.size(); i++) {
          out.writeInt(l.labels.get(i));
          write(l.items.get(i), out, handles, boundary);
        }
        out.writeInt(l.padding);
        out.write(new byte[l.padding]);
      }
      case AppError e -> {
        out.writeByte(APP_ERROR);
        out.writeInt(e.number);
      }
      case Throwable e -> {
        out.writeByte(ERROR);
        out.writeUTF(e.toString());
      }
      default -> {
        if (!boundary.isHandle(value)) {
          throw new IllegalArgumentException("no program passes " + value);
        }
        out.writeByte(HANDLE);
        handles.add(value);
      }
    }
  }

  @Override
  public Object decode(Encoded encoded, Boundary boundary) {
    Flat flat = (Flat) encoded;
    byte[] bytes = flat.bytes.read(b -> b.toArray(ValueLayout.JAVA_BYTE));
    try {
      return read(
          new DataInputStream(new ByteArrayInputStream(bytes)),
          new ArrayList<>(flat.handles),
          boundary);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object read(DataInputStream in, List<Object> handles, Boundary boundary)
      throws IOException {
    int kind = in.readByte();
    switch (kind) {
      case INT -> {
        return in.readInt();
      }
      case ARRAY -> {
        Object[] all = new Object[in.readInt()];
        for (int i = 0; i < all.length; i++) {
          all[i] = read(in, handles, boundary);
        }
        return all;
      }
      case LUGGAGE -> {
        int number = in.readInt();
        int items = in.readInt();
        List<Integer> labels = new ArrayList<>();
        List<Object> read = new ArrayList<>();
        for (int i = 0; i < items; i++) {
          labels.add(in.readInt());
          read.add(read(in, handles, boundary));
        }
        Luggage l = new Luggage(number, in.readInt());
        l.labels.addAll(labels);
        l.items.addAll(read);
        return l;
      }
      case HANDLE -> {
        return boundary.onDecode(handles.removeFirst());
      }
      case APP_ERROR -> {
        return new AppError(in.readInt());
      }
      case ERROR -> {
        return new IllegalStateException(in.readUTF());
      }
      case NULL -> {
        return null;
      }
      default -> throw new IllegalStateException("these are not the bytes of a value");
    }
  }

  @Override
  public Portable pack(Encoded encoded) {
    Flat flat = (Flat) encoded;
    return new Portable(0, flat.bytes, List.of(), flat.handles, List.of());
  }

  @Override
  public Encoded unpack(Portable portable) {
    return new Flat(portable.bytes(), portable.handles());
  }
}
