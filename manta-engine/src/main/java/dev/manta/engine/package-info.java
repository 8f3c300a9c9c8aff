/** The engine: everything a call goes through between its submission and its ref's completion. */
@NullMarked
package dev.manta.engine;

import org.jspecify.annotations.NullMarked;
