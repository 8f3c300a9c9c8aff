package dev.manta.engine;

import dev.manta.ActorOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The concurrency groups of an actor; the group at 0 is the default one. */
final class Groups {
  /** Of most actors. */
  private static final Groups USUAL =
      new Groups(new int[]{ActorOptions.async().maxConcurrency()}, List.of(), Map.of());

  private final int[] limits;
  private final List<String> names;
  private final Map<String, Integer> byMethod;

  private Groups(int[] limits, List<String> names, Map<String, Integer> byMethod) {
    this.limits = limits;
    this.names = names;
    this.byMethod = byMethod;
  }

  static Groups of(ActorOptions options) {
    int n = options.groups().size();
    if (n == 0 && options.maxConcurrency() == USUAL.limits[0]) {
      return USUAL;
    }
    int[] limits = new int[n + 1];
    limits[0] = options.maxConcurrency();
    if (n == 0) {
      return new Groups(limits, List.of(), Map.of());
    }
    List<String> names = new ArrayList<>();
    Map<String, Integer> byMethod = new HashMap<>();
    for (ActorOptions.Group group : options.groups().values()) {
      names.add(group.name());
      limits[names.size()] = group.maxConcurrency();
      for (String method : group.methods()) {
        if (byMethod.put(method, names.size()) != null) {
          throw new IllegalArgumentException("the method " + method + " is in two groups");
        }
      }
    }
    return new Groups(limits, names, byMethod);
  }

  GroupState[] newStates(Incarnation owner) {
    GroupState[] states = new GroupState[limits.length];
    for (int i = 0; i < states.length; i++) {
      states[i] =
          i == 0 ? new DefaultGroup(owner, limits[0]) : new GroupState(owner, limits[i]);
    }
    return states;
  }

  /**
   * The group in which a call runs.
   *
   * @throws IllegalArgumentException if the named group is not there; names those that are
   */
  int indexOf(@Nullable String group, Object function) {
    if (group != null) {
      int i = names.indexOf(group);
      if (i < 0) {
        throw new IllegalArgumentException(
            "the actor has no concurrency group \""
                + group
                + "\"; "
                + (names.isEmpty() ? "it has none" : "it has " + names));
      }
      return i + 1;
    }
    if (byMethod.isEmpty()) {
      return 0;
    }
    String method = FunctionShape.of(function).calledMethod(function);
    return method == null ? 0 : byMethod.getOrDefault(method, 0);
  }

  /** Refuses methods that the actor's class does not have. */
  void check(Class<?> actorClass) {
    MethodNames.check(actorClass, byMethod.keySet(), "a concurrency group names");
  }
}
