package dev.manta;

/**
 * One live actor, as it was at one moment.
 *
 * @param actor its name, or its class and number
 * @param incarnation which life of the actor this is; the first is 1
 * @param pending calls submitted and not finished
 * @param started calls started and not finished
 * @param peakStarted the highest number of calls started and not finished at once
 * @param finished calls that ended, with a value or an error
 * @param stalls how often a turn was held too long
 */
public record ActorStats(
    String actor,
    long incarnation,
    long pending,
    long started,
    long peakStarted,
    long finished,
    long stalls) {}
