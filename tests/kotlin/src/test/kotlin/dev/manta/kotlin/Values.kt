package dev.manta.kotlin

import java.time.LocalDate

/** What Kotlin programs pass: data classes with defaults, nullable and mutable properties. */
data class Order(
  val id: Long,
  val lines: MutableList<Line> = mutableListOf(),
  val note: String? = null,
  var state: State = Open,
)

data class Line(val article: Article, val count: Int)

@JvmInline value class Article(val code: String)

/** A closed hierarchy with values and singletons. */
sealed interface State

data object Open : State

object Closed : State

data class Shipped(val day: LocalDate, val by: Carrier) : State

enum class Carrier {
  BIKE,
  VAN,
}
