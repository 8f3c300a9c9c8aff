package dev.manta.kotlin

import dev.manta.ActorRef
import dev.manta.Manta
import dev.manta.RemoteFunction
import java.time.LocalDate
import java.util.stream.Stream
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.AutoClose
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.MethodSource

/** Kotlin's lambdas as calls, Kotlin's values as arguments and results. */
class ValuesTest {
  @AutoClose private val manta = Manta.start()

  private val ledger: ActorRef<Ledger> = manta.actor { Ledger() }

  /** The async actor of these tests. */
  private class Ledger {
    private val orders = mutableListOf<Order>()

    fun add(order: Order): Order {
      orders += order
      return order
    }

    fun last() = orders.last()

    fun mapped(change: (Order) -> Order) = change(orders.last())
  }

  /** DESIGN, "Data": each value comes back equal. */
  @ParameterizedTest
  @MethodSource("values")
  fun call_givesAnEqualValueBack(value: Any) {
    val back = ledger.call { value }.get()

    assertThat(back).isEqualTo(value)
  }

  /** R10: an argument and a result are copies. */
  @Test
  fun call_copiesADataClass() {
    val order = Order(7, mutableListOf(Line(Article("a1"), 2)), "gift")
    val kept = ledger.call { it.add(order) }.get()

    order.lines.clear()
    kept.state = Closed

    assertThat(ledger.call { it.last() }.get())
      .isEqualTo(Order(7, mutableListOf(Line(Article("a1"), 2)), "gift"))
  }

  /** A Kotlin function is an argument like any other, where it is serialisable. */
  @Test
  fun call_takesAKotlinFunction() {
    val note = "changed"
    val change: (Order) -> Order = @JvmSerializableLambda { it.copy(note = note) }
    ledger.call { it.add(Order(7)) }.get()

    val changed = ledger.call { it.mapped(change) }.get()

    assertThat(changed).isEqualTo(Order(7, note = "changed"))
  }

  /** R9: a Kotlin function that is not is refused, with the variable named. */
  @Test
  fun call_takingAKotlinFunctionThatCanNotTravelIsRefused() {
    val change: (Order) -> Order = { it.copy(note = "changed") }

    assertThatThrownBy { ledger.call { it.mapped(change) } }
      .isInstanceOf(IllegalArgumentException::class.java)
      .hasMessageContaining("change")
      .hasMessageContaining("Serializable")
  }

  /** A call may be a function reference or an object expression. */
  @Test
  fun call_takesOtherKindsOfFunctions() {
    val order = Order(8)
    ledger.call { it.add(order) }.get()
    val expression =
      object : RemoteFunction<Ledger, Long> {
        override fun apply(actor: Ledger) = actor.last().id + order.id
      }

    assertThat(ledger.call(Ledger::last).get()).isEqualTo(order)
    assertThat(ledger.call(expression).get()).isEqualTo(16)
  }

  /** R9: a lambda that captures what can't travel is refused, with its class and the variable named. */
  @Test
  fun call_capturingWhatCanNotTravelIsRefused() {
    val thread = Thread.currentThread()

    assertThatThrownBy { manta.submit { thread.name } }
      .isInstanceOf(IllegalArgumentException::class.java)
      .hasMessageContaining("Thread")
      .hasMessageContaining("thread")
  }

  companion object {
    @JvmStatic
    fun values(): Stream<Any> =
      Stream.of(
        Order(1),
        Order(2, mutableListOf(Line(Article("a1"), 2), Line(Article("a2"), 1)), "gift"),
        Order(3, state = Shipped(LocalDate.of(2026, 2, 28), Carrier.BIKE)),
        Order(4, state = Closed),
        Closed,
        Open,
        Pair(1, "one"),
        Triple(1, 2L, '3'),
        Article("a3"),
        listOf(1, 2, 3),
        mapOf("a" to listOf(Article("a1")), "b" to emptyList()),
        setOf(Carrier.VAN),
        emptyMap<String, Int>(),
        1..10,
        Unit,
        kotlin.time.Duration.parse("3m"),
        Result.success(3),
      )
  }
}
