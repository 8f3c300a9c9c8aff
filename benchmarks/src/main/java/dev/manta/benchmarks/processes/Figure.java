package dev.manta.benchmarks.processes;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A figure: where Manta's comes from, and what it is compared with. */
final class Figure {
  private static final String ALWAYS = "";

  private final String name;
  private final String unit;
  private final boolean rates;
  private final double scale;
  private final Side side;
  private final String key;
  private final List<Peer> peers = new ArrayList<>();

  private Figure(
      String name, String unit, boolean rates, double scale, Side side, String key) {
    this.name = name;
    this.unit = unit;
    this.rates = rates;
    this.scale = scale;
    this.side = side;
    this.key = key;
  }

  /** A rate: more is better. */
  static Figure rate(String name, String unit, Side side, String key) {
    return new Figure(name, unit, true, 1, side, key);
  }

  /** A time or memory, which is less where it is better; printed figures times {@code scale}. */
  static Figure cost(String name, String unit, double scale, Side side, String key) {
    return new Figure(name, unit, false, scale, side, key);
  }

  /**
   * What it is compared with: the best of the figures of some names, or a constant.
   *
   * @param who the side that {@code -Dpeers} must name; empty for limits and what is Manta's own
   */
  private record Peer(
      String who, String label, @Nullable Side side, List<String> keys, double limit,
      double wanted) {}

  /** A peer's figure, the best one where it has several ways. */
  Figure against(Side peer, double wanted, String label, String... keys) {
    peers.add(new Peer(peer.who(), label, peer, List.of(keys), 0, wanted));
    return this;
  }

  /** A figure of Manta's own. */
  Figure againstOwn(Side own, double wanted, String label, String key) {
    peers.add(new Peer(ALWAYS, label, own, List.of(key), 0, wanted));
    return this;
  }

  /** A constant, in the figure's unit. */
  Figure limit(double limit) {
    peers.add(new Peer(ALWAYS, "limit", null, List.of(), limit, 1));
    return this;
  }

  String name() {
    return name;
  }

  /** Tells the programs what will be asked of them. */
  void announce(Set<String> chosen) {
    side.want(key);
    for (Peer peer : chosen(chosen)) {
      if (peer.side() != null) {
        peer.keys().forEach(peer.side()::want);
      }
    }
  }

  /** Measures it. */
  List<Comparison> measure(Set<String> chosen) throws InterruptedException {
    Double manta = scaled(side.figure(key));
    List<Comparison> comparisons = new ArrayList<>();
    for (Peer peer : chosen(chosen)) {
      Double theirs = peer.side() == null ? (Double) peer.limit() : best(peer.side(), peer.keys());
      comparisons.add(
          new Comparison(name, peer.label(), unit, rates, manta, theirs, peer.wanted()));
    }
    return comparisons;
  }

  private List<Peer> chosen(Set<String> chosen) {
    return peers.stream()
        .filter(peer -> peer.who().equals(ALWAYS) || chosen.contains(peer.who()))
        .toList();
  }

  private @Nullable Double best(Side peer, List<String> keys) throws InterruptedException {
    Double best = null;
    for (String one : keys) {
      Double figure = scaled(peer.figure(one));
      if (figure != null && (best == null || (rates ? figure > best : figure < best))) {
        best = figure;
      }
    }
    return best;
  }

  private @Nullable Double scaled(@Nullable Double figure) {
    return figure == null ? null : (Double) (figure * scale);
  }
}
