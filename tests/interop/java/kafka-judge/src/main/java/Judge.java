import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Kafka as a judge, one virtual machine for all questions. A question is a line of fields parted
 * by tabs, its answer one line: "ok", or what went wrong.
 *
 * dump <to> <argument>...   what kafka-dump-log prints for these arguments, into the file <to>
 * write <dir> <to>          a real broker writes logs below <dir>; what a consumer reads, into <to>
 */
public final class Judge {
    /** Where System.out leads; Scala keeps the first System.out that it sees. */
    private static volatile OutputStream target = OutputStream.nullOutputStream();

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = System.out;
        System.setOut(new PrintStream(new Redirected(), true, StandardCharsets.UTF_8));
        PrintStream log = System.err;
        var questions =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            answers.println(answer(line.split("\t"), log));
            answers.flush();
        }
    }

    private static String answer(String[] fields, PrintStream log) {
        try {
            switch (fields[0]) {
                case "dump" -> dump(fields, log);
                case "write" -> Broker.write(fields[1], fields[2]);
                default -> throw new IllegalArgumentException("no question: " + fields[0]);
            }
            return "ok";
        } catch (Throwable problem) {
            problem.printStackTrace(log);
            return problem.toString().replace('\n', ' ');
        }
    }

    private static void dump(String[] fields, PrintStream log) throws Exception {
        var arguments = java.util.Arrays.copyOfRange(fields, 2, fields.length);
        try (var file = new FileOutputStream(fields[1])) {
            target = file;
            // What does not match goes to the error stream.
            System.setErr(System.out);
            kafka.tools.DumpLogSegments.main(arguments);
            System.out.flush();
        } finally {
            System.setErr(log);
            target = OutputStream.nullOutputStream();
        }
    }

    private static final class Redirected extends OutputStream {
        @Override
        public void write(int one) throws java.io.IOException {
            target.write(one);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws java.io.IOException {
            target.write(bytes, from, count);
        }
    }
}
