package dev.manta.simulator;

/**
 * How calls that sleep went through an actor.
 *
 * @param millis the virtual time until the last had ended
 * @param peak the most that slept at once
 */
public record Waves(long millis, int peak) {}
