package dev.manta.engine;

/** Copies nothing: the values of simulated programs are immutable. */
final class SharedCodec implements Codec {
  private record Whole(Object value) implements Encoded {
    @Override
    public long size() {
      return 100;
    }
  }

  @Override
  public Encoded encode(Object value, Boundary boundary) {
    return new Whole(value);
  }

  @Override
  public Object decode(Encoded encoded, Boundary boundary) {
    return ((Whole) encoded).value();
  }
}
