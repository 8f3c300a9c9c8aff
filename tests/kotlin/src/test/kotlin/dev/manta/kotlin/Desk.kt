package dev.manta.kotlin

import dev.manta.Manta
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.stream.IntStream
import java.util.stream.Stream
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.future.await
import kotlinx.coroutines.future.future

/** The async actor that the tests call. */
class Desk {
  private val held = CompletableFuture<Boolean>()
  private val letGo = CompletableFuture<String>()
  private val end = CompletableFuture<String>()

  fun greet(name: String, greeting: String = "hello") = "$greeting $name"

  fun refuse(why: String): String = throw IllegalStateException(why)

  /** Waits until somebody calls [letGo], and writes down how that ended. */
  fun hold(): String {
    held.complete(true)
    try {
      val said = Manta.await(letGo)
      end.complete("returned")
      return said
    } catch (e: CancellationException) {
      end.complete("cancelled")
      throw e
    }
  }

  /** Returns when a call is in [hold]. */
  fun held(): Boolean = Manta.await(held)

  /** Ends the call in [hold] with a value. */
  fun letGo(said: String) {
    letGo.complete(said)
  }

  /** How the call in [hold] or [count] ended; waits for it. */
  fun end(): String = Manta.await(end)

  /** What [letGo] says, loudly: a coroutine that runs in turns of this actor. */
  fun saidLater(): CompletableFuture<String> =
    CoroutineScope(Manta.turn().asCoroutineDispatcher()).future { letGo.await().uppercase() }

  /** One, two, three and so on. */
  fun count(): Stream<Int> =
    IntStream.iterate(1) { it + 1 }.boxed().onClose { end.complete("closed") }
}
