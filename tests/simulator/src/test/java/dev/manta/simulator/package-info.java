/** The engine under simulation: its classes made pre-emptible, its runs from seeds, its mutants. */
package dev.manta.simulator;
