/** Worker processes: what crosses between them, and what happens when they die. */
@org.jspecify.annotations.NullMarked
package dev.manta.processes;
