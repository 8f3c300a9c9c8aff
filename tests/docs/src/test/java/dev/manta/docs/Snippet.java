package dev.manta.docs;

import java.util.ArrayList;
import java.util.List;

/**
 * One Java fence of a page.
 *
 * @param page the page, relative to the project
 * @param line the line of the page on which the code begins
 * @param code the lines between the fences
 */
record Snippet(String page, int line, String code) {
  private static final String FENCE = "```";

  /** All Java fences of a page. */
  static List<Snippet> of(Page page) {
    List<Snippet> all = new ArrayList<>();
    StringBuilder code = null;
    boolean inside = false;
    int begin = 0;
    for (int i = 0; i < page.lines().size(); i++) {
      String text = page.lines().get(i);
      if (!text.strip().startsWith(FENCE)) {
        if (code != null) {
          code.append(text).append('\n');
        }
      } else if (inside) {
        if (code != null) {
          all.add(new Snippet(page.name(), begin, code.toString()));
        }
        code = null;
        inside = false;
      } else {
        inside = true;
        begin = i + 2;
        code = text.strip().equals(FENCE + "java") ? new StringBuilder() : null;
      }
    }
    if (inside) {
      throw new AssertionError(page.name() + ":" + (begin - 1) + ": this fence has no end");
    }
    return all;
  }

  String className() {
    return "Snippet" + line;
  }

  /**
   * The snippet as the body of a method of a class. All that stands before it is on the first line,
   * so that javac's errors and stack traces have the line of the page.
   */
  String source() {
    String before = "package dev.manta.docs; "
        + "import static dev.manta.LocalOptions.local; import static dev.manta.docs.Support.*; "
        + "import dev.manta.*; import java.net.URI; import java.net.http.*; "
        + "import java.net.http.HttpResponse.BodyHandlers; import java.time.*; "
        + "import java.util.*; import java.util.concurrent.*; import java.util.stream.*; "
        + "final class " + className() + " { static void run() throws Throwable {";
    return before + "\n".repeat(line - 1) + code + "}}";
  }

  @Override
  public String toString() {
    return page + ":" + line;
  }
}
