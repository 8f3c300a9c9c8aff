package dev.manta.runtime.codec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.Stack;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The JDK's collections, maps and views of them. */
final class JdkCollections {
  private static final List<String> ABC = List.of("b", "a", "c");

  private JdkCollections() {}

  static Stream<Shape> all() {
    return Stream.of(collections(), maps(), immutable(), wrapped(), views()).flatMap(s -> s);
  }

  private static Stream<Shape> collections() {
    BitSet bits = new BitSet();
    bits.set(3);
    bits.set(700);
    Stack<String> stack = new Stack<>();
    stack.addAll(ABC);
    TreeSet<String> reversed = new TreeSet<>(Comparator.<String>reverseOrder());
    reversed.addAll(ABC);
    PriorityQueue<String> largest = new PriorityQueue<>(Collections.reverseOrder());
    largest.addAll(ABC);
    return Stream.of(
        Shape.of("ArrayList", new ArrayList<>(ABC)),
        Shape.of("ArrayList with null", new ArrayList<>(Arrays.asList("a", null))),
        Shape.of("large ArrayList",
            IntStream.range(0, 10_000).boxed().collect(Collectors.toCollection(ArrayList::new))),
        Shape.of("LinkedList", new LinkedList<>(ABC)),
        Shape.of("Vector", new Vector<>(ABC)),
        Shape.of("Stack", stack),
        Shape.of("HashSet", new HashSet<>(ABC)),
        Shape.inOrder("LinkedHashSet", new LinkedHashSet<>(ABC)),
        Shape.inOrder("TreeSet", new TreeSet<>(ABC)),
        Shape.inOrder("TreeSet with a comparator", reversed),
        Shape.inOrder("ConcurrentSkipListSet", new ConcurrentSkipListSet<>(ABC)),
        Shape.inOrder("ArrayDeque", new ArrayDeque<>(ABC)),
        Shape.of("PriorityQueue", new PriorityQueue<>(ABC)).by(JdkCollections::drained),
        Shape.of("PriorityQueue with a comparator", largest).by(JdkCollections::drained),
        Shape.of("EnumSet", EnumSet.of(TimeUnit.DAYS, TimeUnit.HOURS)),
        Shape.of("empty EnumSet", EnumSet.noneOf(TimeUnit.class)),
        Shape.of("BitSet", bits),
        Shape.inOrder("ConcurrentLinkedQueue", new ConcurrentLinkedQueue<>(ABC)),
        Shape.inOrder("ConcurrentLinkedDeque", new ConcurrentLinkedDeque<>(ABC)),
        Shape.of("CopyOnWriteArrayList", new CopyOnWriteArrayList<>(ABC)),
        Shape.of("CopyOnWriteArraySet", new CopyOnWriteArraySet<>(ABC)),
        Shape.inOrder("ArrayBlockingQueue", new ArrayBlockingQueue<>(5, true, ABC)),
        Shape.inOrder("LinkedBlockingQueue", new LinkedBlockingQueue<>(ABC)),
        Shape.inOrder("LinkedBlockingDeque", new LinkedBlockingDeque<>(ABC)),
        Shape.of("PriorityBlockingQueue", new PriorityBlockingQueue<>(ABC))
            .by(JdkCollections::drained));
  }

  /** What comes out of a queue, in that order. */
  private static List<Object> drained(Object queue) {
    List<Object> all = new ArrayList<>();
    Queue<?> left = queue instanceof PriorityQueue<?> q
        ? new PriorityQueue<>(q)
        : new PriorityBlockingQueue<>((PriorityBlockingQueue<?>) queue);
    while (!left.isEmpty()) {
      all.add(left.poll());
    }
    return all;
  }

  private static Map<String, Integer> filled(Map<String, Integer> map) {
    map.put("b", 1);
    map.put("a", 2);
    map.put("c", 3);
    return map;
  }

  private static Stream<Shape> maps() {
    LinkedHashMap<String, Integer> byAccess = new LinkedHashMap<>(16, 0.75f, true);
    filled(byAccess).get("b");
    Map<TimeUnit, String> byUnit = new EnumMap<>(TimeUnit.class);
    byUnit.put(TimeUnit.DAYS, "d");
    Map<Object, Object> keys = new HashMap<>();
    keys.put(null, "null key");
    keys.put("null value", null);
    keys.put(List.of(1), Map.of(1, Set.of(2)));
    return Stream.of(
        Shape.of("HashMap", filled(new HashMap<>())),
        Shape.of("HashMap with null", keys),
        Shape.inOrder("LinkedHashMap", filled(new LinkedHashMap<>())),
        new Shape("LinkedHashMap by access", byAccess, JdkCollections::keepsAccessOrder),
        Shape.inOrder("TreeMap", filled(new TreeMap<>())),
        Shape.inOrder("TreeMap with a comparator",
            filled(new TreeMap<>(Comparator.reverseOrder()))),
        Shape.inOrder(
            "TreeMap without case", filled(new TreeMap<>(String.CASE_INSENSITIVE_ORDER))),
        Shape.of("Hashtable", filled(new Hashtable<>())),
        Shape.of("EnumMap", byUnit),
        Shape.of("empty EnumMap", new EnumMap<>(TimeUnit.class)),
        Shape.of("ConcurrentHashMap", filled(new ConcurrentHashMap<>())),
        Shape.inOrder("ConcurrentSkipListMap", filled(new ConcurrentSkipListMap<>())),
        Shape.of("IdentityHashMap", new IdentityHashMap<>(Map.of("k", "x"))).by(Object::toString),
        Shape.of("Map.Entry", Map.entry("k", "v")),
        Shape.of("SimpleEntry", new java.util.AbstractMap.SimpleEntry<>("k", "v")));
  }

  @SuppressWarnings("unchecked")
  private static boolean keepsAccessOrder(Object a, Object b) {
    LinkedHashMap<String, Integer> copy = new LinkedHashMap<>((Map<String, Integer>) b);
    ((Map<String, Integer>) b).get("a");
    return new ArrayList<>(((Map<String, Integer>) a).keySet())
        .equals(new ArrayList<>(copy.keySet()))
        && List.copyOf(((Map<String, Integer>) b).keySet()).getLast().equals("a");
  }

  private static Stream<Shape> immutable() {
    return Stream.of(
        Shape.of("List.of()", List.of()),
        Shape.of("List.of(1)", List.of(1)),
        Shape.of("List.of(1, 2, 3)", List.of(1, 2, 3)),
        Shape.of("Set.of()", Set.of()),
        Shape.of("Set.of(1, 2)", Set.of(1, 2)),
        Shape.of("Set.of(1, 2, 3)", Set.of(1, 2, 3)),
        Shape.of("Map.of()", Map.of()),
        Shape.of("Map.of(1, 2)", Map.of(1, 2)),
        Shape.of("Map.of(1, 2, 3, 4)", Map.of(1, 2, 3, 4)),
        Shape.of("Stream.toList()", Stream.of(1, null).toList()),
        Shape.of("Arrays.asList", Arrays.asList("a", null)),
        Shape.of("emptyList", Collections.emptyList()),
        Shape.of("emptyMap", Collections.emptyMap()),
        Shape.of("singletonList", Collections.singletonList("x")),
        Shape.of("singleton", Collections.singleton("x")),
        Shape.of("singletonMap", Collections.singletonMap("k", "v")),
        Shape.of("nCopies", Collections.nCopies(3, "x")));
  }

  private static Stream<Shape> wrapped() {
    return Stream.of(
        Shape.of("unmodifiableList", Collections.unmodifiableList(new ArrayList<>(ABC))),
        Shape.inOrder("unmodifiableCollection",
            Collections.unmodifiableCollection(new ArrayList<>(ABC))),
        Shape.of("unmodifiableSet", Collections.unmodifiableSet(new HashSet<>(ABC))),
        Shape.of("unmodifiableMap", Collections.unmodifiableMap(filled(new HashMap<>()))),
        Shape.inOrder("unmodifiableSortedMap",
            Collections.unmodifiableSortedMap(new TreeMap<>(Map.of("a", 1)))),
        Shape.of("synchronizedList", Collections.synchronizedList(new ArrayList<>(ABC))),
        Shape.of("synchronizedMap", Collections.synchronizedMap(filled(new HashMap<>()))),
        Shape.of("checkedList", Collections.checkedList(new ArrayList<>(ABC), String.class)),
        Shape.of("newSetFromMap", fromMap()),
        Shape.of("keySet of a concurrent map", concurrentSet()));
  }

  private static Set<String> fromMap() {
    Set<String> set = Collections.newSetFromMap(new HashMap<>());
    set.addAll(ABC);
    return set;
  }

  private static Set<String> concurrentSet() {
    Set<String> set = ConcurrentHashMap.newKeySet();
    set.addAll(ABC);
    return set;
  }

  private static Stream<Shape> views() {
    Map<String, Integer> map = filled(new LinkedHashMap<>());
    return Stream.of(
        Shape.view("subList of an ArrayList", new ArrayList<>(ABC).subList(1, 3)),
        Shape.view("subList of List.of", ABC.subList(1, 3)),
        Shape.view("subList of a LinkedList", new LinkedList<>(ABC).subList(0, 2)),
        Shape.view("keySet", map.keySet()),
        Shape.view("values", map.values()),
        Shape.view("entrySet", map.entrySet()),
        Shape.view("list of a map's entries", new ArrayList<>(map.entrySet())),
        Shape.view("reversed list", new ArrayList<>(ABC).reversed()),
        Shape.view("headMap", new TreeMap<>(map).headMap("c")),
        Shape.view("descendingMap", new TreeMap<>(map).descendingMap()),
        Shape.view("subSet", new TreeSet<>(ABC).subSet("a", "c")));
  }
}
