/** Tests of how Manta is built: layers, sizes, documentation. */
package dev.manta.architecture;
