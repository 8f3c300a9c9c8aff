package dev.manta.processes.launch;

import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.ObjectRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Function;

/** A program of which a class is built anew while it runs. */
public final class Rebuilt {
  private Rebuilt() {}

  /** Is given the class file that there is, and the one that takes its place. */
  @SuppressWarnings("unchecked")
  public static void main(String[] args) throws Exception {
    try (Manta manta = Manta.start(LocalOptions.local().processes(1))) {
      var function =
          (Function<Manta, ObjectRef<
              Integer>>) (Object) Class.forName("Elsewhere").getConstructor().newInstance();
      System.out.println("first " + function.apply(manta).get());
      Files.copy(Path.of(args[1]), Path.of(args[0]), StandardCopyOption.REPLACE_EXISTING);
      ObjectRef<Void> end = manta.run(() -> Runtime.getRuntime().halt(3));
      try {
        end.get();
      } catch (MantaException e) {
        System.out.println("the worker has ended");
      }
      try {
        System.out.println("then " + function.apply(manta).get());
      } catch (MantaException e) {
        System.out.println("then " + e.reason() + " " + e.getMessage());
      }
    }
  }
}
