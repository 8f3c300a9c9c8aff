package dev.manta.runtime.codec;

import dev.manta.engine.Boundary;

/** Copies values as a call does, without a Manta. */
final class Copying {
  static final Boundary NO_HANDLES =
      new Boundary() {
        @Override
        public boolean isHandle(Object object) {
          return false;
        }

        @Override
        public String refusal(Object object) {
          return null;
        }

        @Override
        public Object onDecode(Object handle) {
          throw new AssertionError("there are no handles");
        }
      };

  private final KryoCodec codec = new KryoCodec();

  @SuppressWarnings("unchecked")
  <T> T copy(T value) {
    return (T) codec.decode(codec.encode(value, NO_HANDLES), NO_HANDLES);
  }
}
