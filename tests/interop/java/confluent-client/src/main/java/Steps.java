import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;

/** Runs the steps of a client's program, and says what they have to hold. */
final class Steps {
  private Steps() {}

  /** Something that the registry is asked, whatever it answers. */
  interface Act {
    void now() throws Exception;
  }

  /**
   * Calls each public method that the suite declares, prints its name with the verdict, and ends as
   * the programs of all clients do.
   */
  static boolean run(Object suite) throws Exception {
    List<Method> steps =
        Arrays.stream(suite.getClass().getMethods())
            .filter(method -> method.getDeclaringClass() == suite.getClass())
            .sorted(Comparator.comparing(Method::getName))
            .toList();
    int failed = 0;
    for (Method step : steps) {
      try {
        step.invoke(suite);
        System.out.println(step.getName() + " ok");
      } catch (InvocationTargetException wrapper) {
        failed++;
        System.out.println(step.getName() + " FAILED");
        wrapper.getCause().printStackTrace(System.out);
      }
    }
    System.out.println(failed == 0 ? "all passed" : failed + " of " + steps.size() + " failed");
    return failed == 0;
  }

  static void equal(Object said, Object wanted) {
    holds(Objects.equals(said, wanted), "said " + said + ", wanted " + wanted);
  }

  static void lists(Collection<?> listed, Object... wanted) {
    holds(listed.containsAll(List.of(wanted)), Arrays.toString(wanted) + " in " + listed);
  }

  static void listsNo(Collection<?> listed, Object unwanted) {
    holds(!listed.contains(unwanted), unwanted + " not in " + listed);
  }

  static void mentions(String text, String part) {
    holds(text.contains(part), "'" + part + "' in '" + text + "'");
  }

  static void holds(boolean fact, String what) {
    if (!fact) {
      throw new AssertionError(what);
    }
  }

  /** A refusal with this status and code. */
  static RestClientException refused(int status, int code, Act act) throws Exception {
    try {
      act.now();
    } catch (RestClientException error) {
      equal(List.of(error.getStatus(), error.getErrorCode()), List.of(status, code));
      return error;
    }
    throw new AssertionError("was not refused");
  }
}
