package dev.manta.cluster.workers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/** The folder of a user that holds those of all runs: private, and its path short. */
final class BaseDirectory {
  private static final String PRIVATE = "rwx------";

  private BaseDirectory() {}

  /** The first place that will do, created if need be. */
  static Path find(String longestName, int mostBytes) {
    var problems = new ArrayList<String>();
    for (var candidate : candidates()) {
      var longest = candidate.resolve(RunDirectory.processName() + ".99") + longestName;
      if (longest.getBytes(StandardCharsets.UTF_8).length > mostBytes) {
        problems.add(candidate + " is too long for the paths of unix domain sockets");
        continue;
      }
      try {
        ensure(candidate);
        return candidate;
      } catch (IOException | IllegalStateException e) {
        problems.add(e.toString());
      }
    }
    throw new IllegalStateException(
        "Worker processes need a private folder with a short path; set -Djava.io.tmpdir to a"
            + " folder that has one and that you may write to. Tried: "
            + String.join("; ", problems));
  }

  private static Set<Path> candidates() {
    var candidates = new LinkedHashSet<Path>();
    var runtime = System.getenv("XDG_RUNTIME_DIR");
    if (runtime != null && !runtime.isEmpty() && Files.isDirectory(Path.of(runtime))) {
      candidates.add(Path.of(runtime).toAbsolutePath().resolve("manta"));
    }
    var name = "manta-" + asName(System.getProperty("user.name", ""), uid());
    candidates.add(Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath().resolve(name));
    var tmp = Path.of("/tmp");
    if (Files.isDirectory(tmp)) {
      candidates.add(tmp.resolve(name));
    }
    return candidates;
  }

  /**
   * What tells a user from the others in a place that they share: the name, if any file system takes it;
   * else with underscores and the number, since two names, or users without one, may look alike then.
   */
  static String asName(String user, String uid) {
    var name = new StringBuilder(user);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 128 || (!Character.isLetterOrDigit(c) && "_.-".indexOf(c) < 0)) {
        name.setCharAt(i, '_');
      }
    }
    return name.isEmpty() || !name.toString().equals(user) ? name + "-" + uid : user;
  }

  /** The number of this process's user, where the system tells it. */
  private static String uid() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  /**
   * Creates a private folder, or checks that the one that exists is the user's own and private:
   * names in a shared place such as {@code /tmp} can be taken by anyone.
   */
  static void ensure(Path path) throws IOException {
    try {
      createPrivate(path);
      return;
    } catch (FileAlreadyExistsException e) {
      // is looked at below
    }
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IllegalStateException(path + " is not a folder");
    }
    if (!hasPermissions(path)) {
      return;
    }
    var permissions = PosixFilePermissions
        .toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    var owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
    if (!permissions.equals(PRIVATE) || !isOwner(path, owner)) {
      throw new IllegalStateException(
          "%s belongs to %s with the permissions %s, and must belong to this user with %s: remove it"
              .formatted(path, owner.getName(), permissions, PRIVATE));
    }
  }

  /** Whether this user is the owner of a folder, and so of a file made there; no property can tell. */
  private static boolean isOwner(Path folder, UserPrincipal owner) throws IOException {
    Path file;
    try {
      file =
          Files.createFile(
              folder.resolve("owner-" + RunDirectory.processName() + "-" + System.nanoTime()));
    } catch (AccessDeniedException e) {
      return false;
    }
    try {
      return Files.getOwner(file).equals(owner);
    } finally {
      Files.delete(file);
    }
  }

  static void createPrivate(Path path) throws IOException {
    if (hasPermissions(path)) {
      Files.createDirectory(
          path,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
    } else {
      Files.createDirectory(path);
    }
  }

  private static boolean hasPermissions(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
