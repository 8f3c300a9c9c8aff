/** Refs and streams in the hands of the libraries that asynchronous programs use, one file each. */
package dev.manta.ecosystem;
