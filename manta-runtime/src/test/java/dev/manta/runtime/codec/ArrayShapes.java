package dev.manta.runtime.codec;

import java.util.List;
import java.util.stream.Stream;

/** Arrays of all kinds and dimensions. */
final class ArrayShapes {
  private ArrayShapes() {}

  static Stream<Shape> all() {
    return Stream.of(
        Shape.of("boolean[]", new boolean[]{true, false}),
        Shape.of("byte[]", new byte[]{-1, 0, 127}),
        Shape.of("short[]", new short[]{-1, Short.MAX_VALUE}),
        Shape.of("char[]", new char[]{'a', '\uFFFF'}),
        Shape.of("int[]", new int[]{Integer.MIN_VALUE, 0, 1}),
        Shape.of("long[]", new long[]{Long.MIN_VALUE, 0, 1}),
        Shape.of("float[]", new float[]{Float.NaN, -0f}),
        Shape.of("double[]", new double[]{Double.NEGATIVE_INFINITY, 1e-300}),
        Shape.of("empty int[]", new int[0]),
        Shape.of("int[][]", new int[][]{{1}, {}, null, {2, 3}}),
        Shape.of("long[][][]", new long[][][]{{{1}, {2}}, {}}),
        Shape.of("String[]", new String[]{"a", null, ""}),
        Shape.of("String[][]", new String[][]{{"a"}, null, {}}),
        Shape.of("Integer[]", new Integer[]{1, null}),
        Shape.of("Object[]", new Object[]{1, "a", null, List.of(2), new int[]{3}}),
        Shape.of("empty Object[]", new Object[0]),
        Shape.of("Number[] of several classes", new Number[]{1, 2L, 3.0}),
        Shape.of("Object[] that is String[] inside", new Object[]{new String[]{"a"}}),
        Shape.of("enum[]", new UserShapes.Mood[]{UserShapes.Mood.CALM, null}),
        Shape.of("record[]", new UserShapes.Point[]{new UserShapes.Point(1, 2)}),
        Shape.of("List[]", new List<?>[]{List.of(1), List.of()}));
  }
}
