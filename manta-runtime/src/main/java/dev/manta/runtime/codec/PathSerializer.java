package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.file.Path;

/** Copies a path of the default file system. */
final class PathSerializer extends Serializer<Path> {
  @Override
  public void write(Kryo kryo, Output output, Path path) {
    output.writeString(path.toString());
  }

  @Override
  public Path read(Kryo kryo, Input input, Class<? extends Path> type) {
    return Path.of(input.readString());
  }
}
