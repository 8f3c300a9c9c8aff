package dev.manta.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** The turn is one thread's at a time; no item is lost, doubled or overtaken (CONTRACT 4 and 5). */
public final class MailboxStress {
  private MailboxStress() {}

  /** Two producers meet at an idle mailbox. */
  @JCStressTest
  @Outcome(id = {"true, false, 2", "false, true, 1"}, expect = ACCEPTABLE,
      desc = "one holds the turn, the other's item waits (CONTRACT 5)")
  @Outcome(expect = FORBIDDEN, desc = "the turn was given twice or never, or an item was lost")
  @State
  public static class TwoOffers {
    private final Mailbox mailbox = new Mailbox();

    @Actor
    public void one(ZZL_Result r) {
      r.r1 = mailbox.offer(new Note(1));
    }

    @Actor
    public void two(ZZL_Result r) {
      r.r2 = mailbox.offer(new Note(2));
    }

    @Arbiter
    public void after(ZZL_Result r) {
      r.r3 = Note.numbers(mailbox.takeAll());
    }
  }

  /** A producer meets a consumer that goes idle. */
  @JCStressTest
  @Outcome(id = "true, true, -", expect = ACCEPTABLE,
      desc = "idle first: the producer takes the turn (CONTRACT 5)")
  @Outcome(id = "false, false, 1", expect = ACCEPTABLE,
      desc = "the item first: the consumer keeps the turn and finds it (CONTRACT 1)")
  @Outcome(expect = FORBIDDEN,
      desc = "the item lies in a mailbox that nobody empties, or two hold it")
  @State
  public static class OfferAgainstRelease {
    private final Mailbox mailbox = new Mailbox();

    public OfferAgainstRelease() {
      mailbox.offer(new Note(0));
    }

    @Actor
    public void consumer(ZZL_Result r) {
      r.r1 = mailbox.release();
    }

    @Actor
    public void producer(ZZL_Result r) {
      r.r2 = mailbox.offer(new Note(1));
    }

    @Arbiter
    public void after(ZZL_Result r) {
      r.r3 = Note.numbers(mailbox.takeAll());
    }
  }

  /** One producer's items come out in its order, whenever the consumer takes them. */
  @JCStressTest
  @Outcome(id = {"1, 23", "12, 3", "123, -"}, expect = ACCEPTABLE,
      desc = "first in, first out (CONTRACT 4)")
  @Outcome(expect = FORBIDDEN, desc = "an item was lost, doubled or overtaken")
  @State
  public static class OffersAgainstTake {
    private final Mailbox mailbox = new Mailbox();

    public OffersAgainstTake() {
      mailbox.offer(new Note(0));
      mailbox.offer(new Note(1));
    }

    @Actor
    public void producer() {
      mailbox.offer(new Note(2));
      mailbox.offer(new Note(3));
    }

    @Actor
    public void consumer(LL_Result r) {
      r.r1 = Note.numbers(mailbox.takeAll());
    }

    @Arbiter
    public void after(LL_Result r) {
      r.r2 = Note.numbers(mailbox.takeAll());
    }
  }

  /** Whoever gets the turn counts in a plain field, for itself and for the other. */
  @JCStressTest
  @Outcome(id = "4, 0", expect = ACCEPTABLE,
      desc = "turns exclude each other and see each other's writes (CONTRACT 5)")
  @Outcome(expect = FORBIDDEN, desc = "a write was lost, an item was lost, or the turn stayed held")
  @State
  public static class CountInTurns {
    private final Mailbox mailbox = new Mailbox();
    private int count;

    @Actor
    public void one() {
      offer(new Note(1));
      offer(new Note(1));
    }

    @Actor
    public void two() {
      offer(new Note(2));
      offer(new Note(2));
    }

    private void offer(Note note) {
      if (mailbox.offer(note)) {
        count++;
        do {
          for (Item i = mailbox.takeAll(); i != null; i = i.next) {
            count++;
          }
        } while (!mailbox.release());
      }
    }

    @Arbiter
    public void after(II_Result r) {
      r.r1 = count;
      r.r2 = mailbox.isHeld() ? 1 : 0;
    }
  }
}
