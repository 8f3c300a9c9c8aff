package dev.manta.examples;

import java.util.List;

/** Counts the lines by which two texts differ. */
final class LineDiff {
  private LineDiff() {}

  /** Between two common lines a replaced line counts once, and so does an added or removed one. */
  static int changed(List<String> before, List<String> after) {
    int[][] common = common(before, after);
    int changed = 0;
    int removed = 0;
    int added = 0;
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
        changed += Math.max(removed, added);
        removed = 0;
        added = 0;
        i++;
        j++;
      } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
        removed++;
        i++;
      } else {
        added++;
        j++;
      }
    }
    return changed + Math.max(removed, added);
  }

  /** The length of the longest common subsequence of what follows each pair of lines. */
  private static int[][] common(List<String> before, List<String> after) {
    int[][] common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }
}
