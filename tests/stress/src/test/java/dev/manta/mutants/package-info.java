/**
 * Pieces with a well-known mistake each: jcstress must find it, or its silence about the engine says
 * nothing. Each yields where the mistake is, so that the smallest run finds it.
 */
package dev.manta.mutants;
