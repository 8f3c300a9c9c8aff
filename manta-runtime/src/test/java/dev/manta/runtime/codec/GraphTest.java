package dev.manta.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.manta.engine.NotCopyableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A copy has the form of its original: what is one object there is one object here (CONTRACT 9). */
class GraphTest {
  private final Copying copying = new Copying();

  static final class Node {
    final List<Node> next = new ArrayList<>();
    Node one;
    private transient String cache = "computed";
    int number;

    Node(int number) {
      this.number = number;
    }
  }

  record Pair(Object left, Object right) {}

  @Test
  void cycle_isACycleInTheCopy() {
    Node node = new Node(1);
    node.one = new Node(2);
    node.one.one = node;

    Node copy = copying.copy(node);

    assertThat(copy).isNotSameAs(node);
    assertThat(copy.one.number).isEqualTo(2);
    assertThat(copy.one.one).isSameAs(copy);
  }

  @Test
  void cycleThroughAList_isACycleInTheCopy() {
    List<Object> list = new ArrayList<>();
    list.add(list);

    List<Object> copy = copying.copy(list);

    assertThat(copy.getFirst() == copy).isTrue();
  }

  @Test
  void cycleThroughAMap_isACycleInTheCopy() {
    Map<String, Object> map = new HashMap<>();
    map.put("self", map);

    Map<String, Object> copy = copying.copy(map);

    assertThat(copy.get("self") == copy).isTrue();
  }

  @Test
  void cycleThroughAnArray_isACycleInTheCopy() {
    Object[] array = {1, null};
    array[1] = new Pair(array, "x");

    Object[] copy = (Object[]) copying.copy(new Pair(array, null)).left();

    assertThat(((Pair) copy[1]).left()).isSameAs(copy);
  }

  @Test
  void sharedObject_isSharedInTheCopy() {
    Node shared = new Node(7);

    Pair copy = copying.copy(new Pair(List.of(shared), shared));

    assertThat(((List<?>) copy.left()).getFirst()).isSameAs(copy.right());
  }

  /** Captured values are one graph. */
  @Test
  void sharedBetweenElements_isSharedInTheCopy() {
    Node shared = new Node(7);

    Object[] copy = copying.copy(new Object[]{shared, new Pair(shared, 1), shared});

    assertThat(copy[0]).isSameAs(copy[2]).isSameAs(((Pair) copy[1]).left());
  }

  @Test
  void equalButDistinctObjects_stayDistinct() {
    List<String> one = new ArrayList<>(List.of("x"));
    List<String> two = new ArrayList<>(List.of("x"));

    Pair copy = copying.copy(new Pair(one, two));

    assertThat(copy.left()).isEqualTo(copy.right()).isNotSameAs(copy.right());
  }

  @Test
  void transientField_isLeftOut() {
    assertThat(copying.copy(new Node(1)).cache).isNull();
  }

  @Test
  void copy_isIndependentOfItsOriginal() {
    Map<String, List<String>> map = new LinkedHashMap<>();
    map.put("k", new LinkedList<>(List.of("a")));

    Map<String, List<String>> copy = copying.copy(map);
    map.get("k").add("b");

    assertThat(copy).containsEntry("k", List.of("a"));
  }

  /** An encoded value is decoded any number of times, each time anew. */
  @Test
  void decodingTwice_givesTwoCopies() {
    KryoCodec codec = new KryoCodec();
    var encoded = codec.encode(new Node(1), Copying.NO_HANDLES);

    Object one = codec.decode(encoded, Copying.NO_HANDLES);
    Object two = codec.decode(encoded, Copying.NO_HANDLES);

    assertThat(one).isNotSameAs(two);
  }

  @Test
  void tenThousandSiblings_areCopied() {
    Node root = new Node(0);
    for (int i = 0; i < 10_000; i++) {
      root.next.add(new Node(i));
    }

    assertThat(copying.copy(root).next).hasSize(10_000).extracting(n -> n.number).endsWith(9_999);
  }

  // ---- deep chains

  private static Node chain(int length) {
    Node last = new Node(0);
    for (int i = 1; i < length; i++) {
      Node node = new Node(i);
      node.one = last;
      last = node;
    }
    return last;
  }

  @Test
  void chainOfHundreds_isCopied() {
    Node copy = copying.copy(chain(300));

    int length = 0;
    for (Node n = copy; n != null; n = n.one) {
      length++;
    }
    assertThat(length).isEqualTo(300);
  }

  /** CONTRACT 14: no stack overflow reaches the caller. */
  @Test
  void chainOfAMillion_isATypedError() {
    Node chain = chain(1_000_000);

    assertThatThrownBy(() -> copying.copy(chain))
        .isInstanceOf(NotCopyableException.class)
        .hasMessageContaining("nested too deeply");
  }

  @Test
  void listsInListsAHundredThousandDeep_areATypedError() {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      List<Object> outer = new ArrayList<>();
      outer.add(list);
      list = outer;
    }
    List<Object> deep = list;

    assertThatThrownBy(() -> copying.copy(deep))
        .isInstanceOf(NotCopyableException.class)
        .hasMessageContaining("nested too deeply");
  }

  @Test
  void exceptionsCausedAHundredThousandDeep_areATypedError() {
    Throwable deep = new IllegalStateException("0");
    for (int i = 1; i < 100_000; i++) {
      deep = new QuietException(deep);
    }
    Throwable all = deep;

    assertThatThrownBy(() -> copying.copy(all)).isInstanceOf(NotCopyableException.class);
  }

  private static final class QuietException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    QuietException(Throwable cause) {
      super("quiet", cause, false, false);
    }
  }

  /** A codec that has met its limit goes on to work. */
  @Test
  void afterAnError_theCodecWorks() {
    KryoCodec codec = new KryoCodec();
    Node chain = chain(1_000_000);
    assertThatThrownBy(() -> codec.encode(chain, Copying.NO_HANDLES))
        .isInstanceOf(NotCopyableException.class);

    Object copy =
        codec.decode(codec.encode(List.of(1, 2), Copying.NO_HANDLES), Copying.NO_HANDLES);

    assertThat(copy).isEqualTo(List.of(1, 2));
  }
}
