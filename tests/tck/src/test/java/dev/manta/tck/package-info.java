/** The reactive-streams TCK on Manta's streams. */
package dev.manta.tck;
