package dev.shop.goods;

import java.util.ArrayList;
import java.util.List;

/** A value with private fields in a package of its own. */
public final class Basket {
  private final List<String> articles;

  public Basket(List<String> articles) {
    this.articles = new ArrayList<>(articles);
  }

  @Override
  public String toString() {
    return "Basket" + articles;
  }
}
