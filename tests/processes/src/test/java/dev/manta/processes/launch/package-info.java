/** Programs that are started in every way that there is. */
@org.jspecify.annotations.NullMarked
package dev.manta.processes.launch;
