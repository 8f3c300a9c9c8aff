package dev.manta.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is next where runners wait for the turn and other items too. */
class InboxTest {
  private final Incarnation inbox = new Life(ActorOptions.async()).cell.current();
  private final Note one = new Note(1);
  private final Note two = new Note(2);
  private final TurnRunner first = new TurnRunner(inbox, one);
  private final TurnRunner second = new TurnRunner(inbox, one);

  @BeforeEach
  void hold() {
    assertThat(inbox.offer(new Note(0))).as("takes the turn").isTrue();
  }

  /** Who passes the turn passes it to a runner, but not to two in a row while an item is there. */
  @Test
  void turn_isPassedToRunnersAndItemsInTurn() {
    offer(one, two, first, second);
    assertThat(inbox.pollToPass()).isSameAs(first);
    assertThat(inbox.pollToPass()).isSameAs(one);
    assertThat(inbox.pollToPass()).isSameAs(second);
    assertThat(inbox.pollToPass()).isSameAs(two);
    assertThat(inbox.pollToPass()).isNull();
  }

  /** Who keeps the turn does what needs no other runner, in its order, and then passes it. */
  @Test
  void items_areDoneBeforeTheTurnIsPassed() {
    offer(first, one, second, two);
    assertThat(inbox.poll()).isSameAs(one);
    assertThat(inbox.poll()).isSameAs(two);
    assertThat(inbox.poll()).isSameAs(first);
    assertThat(inbox.poll()).isSameAs(second);
    assertThat(inbox.poll()).isNull();
  }

  /** Items that come later don't hold up a runner for ever. */
  @Test
  void runner_isNotHeldUpByItemsThatComeLater() {
    offer(first, one);
    assertThat(inbox.poll()).isSameAs(one);
    offer(two);
    assertThat(inbox.poll()).isSameAs(first);
  }

  /** A call that yields lets all go first that came before it. */
  @Test
  void yieldingRunner_comesAfterTheItemsBeforeIt() {
    first.yields();
    offer(one, first, two);
    assertThat(inbox.pollToPass()).isSameAs(one);
    assertThat(inbox.pollToPass()).isSameAs(first);
    assertThat(inbox.pollToPass()).isSameAs(two);
  }

  private void offer(@Nullable Item... items) {
    for (Item item : items) {
      assertThat(inbox.offer(java.util.Objects.requireNonNull(item))).isFalse();
    }
  }
}
