package dev.manta.kotlin

import dev.manta.Manta
import dev.manta.MantaException
import dev.manta.Reason
import dev.manta.TaskFailedException
import java.util.concurrent.CompletionException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.future.await
import kotlinx.coroutines.jdk9.asFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.AutoClose
import org.junit.jupiter.api.Test

/** Refs and streams in coroutines. */
class CoroutinesTest {
  @AutoClose private val manta = Manta.start()

  private val desk = manta.actor { Desk() }

  /** CONTRACT 1: a coroutine suspends until the ref is complete. */
  @Test
  fun await_givesTheValue() =
    runBlocking<Unit> {
      val held = desk.call { it.hold() }
      val said = async { held.await() }
      desk.call { it.held() }.await()

      desk.run { it.letGo("go") }

      assertThat(said.await()).isEqualTo("go")
    }

  /** CONTRACT 15: a coroutine gets the call's own error, with what the code threw as its cause. */
  @Test
  fun await_throwsTheCallsError() {
    val refused = desk.call { it.refuse("closed") }

    assertThatThrownBy { runBlocking { refused.await() } }
      .isInstanceOf(TaskFailedException::class.java)
      .hasRootCauseInstanceOf(IllegalStateException::class.java)
      .hasRootCauseMessage("closed")
  }

  /** CONTRACT 10: cancelling the coroutine cancels the call, whose clean-up runs. */
  @Test
  fun cancelledCoroutine_cancelsTheCall() =
    runBlocking<Unit> {
      val held = desk.call { it.hold() }
      val waiting = launch { held.await() }
      desk.call { it.held() }.await()
      kotlinx.coroutines.yield()

      waiting.cancelAndJoin()

      assertThat(desk.call { it.end() }.await()).isEqualTo("cancelled")
      assertThatThrownBy { held.get() }
        .isInstanceOfSatisfying(MantaException::class.java) {
          assertThat(it.reason()).isEqualTo(Reason.CANCELLED)
        }
    }

  /** CONTRACT 1: many coroutines at once. */
  @Test
  fun awaitAll_ofManyCalls() =
    runBlocking<Unit> {
      val answers =
        (1..500).map { i -> async(Dispatchers.Default) { desk.call { it.greet("n$i") }.await() } }

      val all = answers.awaitAll()

      assertThat(all).hasSize(500).startsWith("hello n1").endsWith("hello n500")
    }

  /** S1 and S9: a stream is a flow; a collector that stops ends the producer. */
  @Test
  fun stream_isAFlow() =
    runBlocking<Unit> {
      val flow = desk.stream<Int> { it.count() }.asFlow()

      val squares = flow.take(5).map { it * it }.toList()

      assertThat(squares).containsExactly(1, 4, 9, 16, 25)
      assertThat(desk.call { it.end() }.await()).isEqualTo("closed")
    }

  /** An actor's method may be made of suspending functions: it returns a future. */
  @Test
  fun callAsync_ofACoroutine() =
    runBlocking<Unit> {
      val ref = desk.callAsync { it.saidLater() }

      desk.run { it.letGo("go") }.await()

      assertThat(ref.await()).isEqualTo("GO")
    }
}
