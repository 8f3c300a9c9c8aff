package dev.shop.desk;

import static dev.manta.LocalOptions.local;

import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.shop.goods.Basket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A user's program in a named module. Nothing that it calls or passes is public. */
class Main {
  private record Line(String article, int count) {}

  private enum Size {
    SMALL,
    LARGE
  }

  /** The async actor. */
  private static final class Desk {
    private final List<Line> lines = new ArrayList<>();

    private int add(Line line) {
      lines.add(line);
      return lines.size();
    }

    private int sum(List<Integer> counts) {
      return counts.stream().mapToInt(Integer::intValue).sum();
    }

    private List<Line> lines() {
      return lines;
    }
  }

  public static void main(String[] args) {
    try (Manta manta = Manta.start(local().stallThreshold(Duration.ofMinutes(1)))) {
      ActorRef<Desk> desk = manta.actor(Desk::new);
      Line line = new Line("tea", 2);
      List<Integer> counts = new ArrayList<>(List.of(1, 2, 3));
      Size size = Size.LARGE;
      Basket basket = new Basket(List.of("milk"));
      step("count", () -> desk.call(d -> d.add(line)).get());
      step("sum", () -> desk.call(d -> d.sum(counts)).get());
      step("lines", () -> desk.call(Desk::lines).get());
      step("size", () -> manta.submit(() -> size.name()).get());
      step("basket", () -> manta.submit(() -> basket).get());
      step("stream", () -> elements(desk));
    }
  }

  private static List<Line> elements(ActorRef<Desk> desk) {
    List<Line> all = new ArrayList<>();
    desk.<Line>stream(d -> d.lines().stream()).forEach(all::add);
    return all;
  }

  private static void step(String name, Supplier<Object> code) {
    try {
      System.out.println(name + " " + code.get());
    } catch (IllegalArgumentException | MantaException e) {
      System.out.println(name + " refused: " + e.getMessage().replace('\n', ' '));
    }
  }
}
