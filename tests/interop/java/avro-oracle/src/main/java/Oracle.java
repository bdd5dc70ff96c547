import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * Reads one question a line (JSON) and writes one answer a line (JSON), in the same order.
 *
 * <pre>
 * {"ask":"print", "schema":S, "references":[..], "names":"strict"|"utf"|"none", "defaults":bool}
 *   {"canonical", "resolved", "parsing_form", "crc64", "md5", "sha256"} or {"refused", "class"}
 * {"ask":"check", "reader":S, "writer":S}      {"findings":[{"type","location","message"}]} or {"threw"}
 * {"ask":"decode", "reader":S, "writer":S, "count":n, "seed":n}      {"decoded":n} or {"threw"}
 * </pre>
 */
public final class Oracle {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] arguments) throws Exception {
    // Deep schemas need a deep stack; the questions are asked on a thread that has one.
    Thread thread = new Thread(null, Oracle::answerAll, "oracle", 1L << 30);
    thread.start();
    thread.join();
  }

  private static void answerAll() {
    try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        BufferedWriter out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        JsonNode question = JSON.readTree(line);
        out.write(JSON.writeValueAsString(answer(question)));
        out.write('\n');
        if (!in.ready()) {
          out.flush();
        }
      }
    } catch (Exception e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  private static ObjectNode answer(JsonNode question) {
    switch (question.get("ask").asText()) {
      case "print":
        return print(question);
      case "check":
        return check(question);
      case "decode":
        return decode(question);
      default:
        throw new IllegalArgumentException("unknown question: " + question);
    }
  }

  private static ObjectNode print(JsonNode question) {
    ObjectNode answer = JSON.createObjectNode();
    try {
      Schema.Parser parser = new Schema.Parser(names(question.get("names").asText()));
      parser.setValidateDefaults(question.get("defaults").asBoolean());
      List<Schema> references = new ArrayList<>();
      for (JsonNode reference : question.get("references")) {
        references.add(parser.parse(reference.asText()));
      }
      Schema schema = parser.parse(question.get("schema").asText());
      answer.put("canonical", schema.toString(references, false));
      answer.put("resolved", schema.toString());
      String form = SchemaNormalization.toParsingForm(schema);
      byte[] bytes = form.getBytes(StandardCharsets.UTF_8);
      answer.put("parsing_form", form);
      answer.put("crc64", String.format("%016x", SchemaNormalization.fingerprint64(bytes)));
      answer.put("md5", HexFormat.of().formatHex(SchemaNormalization.fingerprint("MD5", bytes)));
      answer.put("sha256", HexFormat.of().formatHex(SchemaNormalization.fingerprint("SHA-256", bytes)));
    } catch (Exception e) {
      answer.removeAll();
      answer.put("refused", String.valueOf(e.getMessage()));
      answer.put("class", e.getClass().getName());
    }
    return answer;
  }

  private static NameValidator names(String rule) {
    switch (rule) {
      case "strict":
        return NameValidator.STRICT_VALIDATOR;
      case "utf":
        return NameValidator.UTF_VALIDATOR;
      default:
        return NameValidator.NO_VALIDATION;
    }
  }

  private static ObjectNode check(JsonNode question) {
    ObjectNode answer = JSON.createObjectNode();
    Schema reader = parse(question.get("reader").asText());
    Schema writer = parse(question.get("writer").asText());
    try {
      ArrayNode findings = JSON.createArrayNode();
      SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getResult().getIncompatibilities()
          .forEach(found -> findings.addObject()
              .put("type", found.getType().name())
              .put("location", found.getLocation())
              .put("message", found.getMessage()));
      answer.set("findings", findings);
    } catch (Exception e) {
      answer.put("threw", String.valueOf(e.getMessage()));
    }
    return answer;
  }

  private static ObjectNode decode(JsonNode question) {
    ObjectNode answer = JSON.createObjectNode();
    Schema reader = parse(question.get("reader").asText());
    Schema writer = parse(question.get("writer").asText());
    int decoded = 0;
    try {
      GenericDatumWriter<Object> datumWriter = new GenericDatumWriter<>(writer);
      GenericDatumReader<Object> datumReader = new GenericDatumReader<>(writer, reader);
      Data data = new Data(question.get("seed").asLong());
      for (int left = question.get("count").asInt(); left > 0; left--) {
        Object datum = data.of(writer, 0);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        datumWriter.write(datum, encoder);
        encoder.flush();
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null);
        datumReader.read(null, decoder);
        if (!decoder.isEnd()) {
          throw new IllegalStateException("bytes left over");
        }
        decoded++;
      }
      answer.put("decoded", decoded);
    } catch (NoData e) {
      answer.put("decoded", decoded);
    } catch (Exception | StackOverflowError e) {
      answer.put("threw", e.toString());
      answer.put("decoded", decoded);
    }
    return answer;
  }

  /** A union without branches and an enum without symbols have no data. */
  private static final class NoData extends RuntimeException {
    static void unlessAny(List<?> choices) {
      if (choices.isEmpty()) {
        throw new NoData();
      }
    }
  }

  /** Makes data of a schema; beyond some depth only the smallest, since types may contain themselves. */
  private static final class Data {
    private static final int DEPTH_MAX = 4;
    private final Random random;

    Data(long seed) {
      random = new Random(seed);
    }

    Object of(Schema schema, int depth) {
      switch (schema.getType()) {
        case NULL:
          return null;
        case BOOLEAN:
          return random.nextBoolean();
        case INT:
          return random.nextInt();
        case LONG:
          return random.nextLong();
        case FLOAT:
          return random.nextFloat();
        case DOUBLE:
          return random.nextDouble();
        case STRING:
          return "text" + random.nextInt();
        case BYTES:
          return ByteBuffer.wrap(bytes(random.nextInt(9)));
        case FIXED:
          return new GenericData.Fixed(schema, bytes(schema.getFixedSize()));
        case ENUM:
          List<String> symbols = schema.getEnumSymbols();
          NoData.unlessAny(symbols);
          return new GenericData.EnumSymbol(schema, symbols.get(random.nextInt(symbols.size())));
        case ARRAY:
          List<Object> items = new ArrayList<>();
          for (int left = count(depth); left > 0; left--) {
            items.add(of(schema.getElementType(), depth + 1));
          }
          return items;
        case MAP:
          Map<String, Object> values = new HashMap<>();
          for (int left = count(depth); left > 0; left--) {
            values.put("key" + left, of(schema.getValueType(), depth + 1));
          }
          return values;
        case UNION:
          List<Schema> branches = schema.getTypes();
          NoData.unlessAny(branches);
          return of(branches.get(depth < DEPTH_MAX ? random.nextInt(branches.size()) : smallest(branches)), depth + 1);
        case RECORD:
          GenericData.Record record = new GenericData.Record(schema);
          for (Schema.Field field : schema.getFields()) {
            record.put(field.pos(), of(field.schema(), depth + 1));
          }
          return record;
        default:
          throw new IllegalStateException(schema.toString());
      }
    }

    private int count(int depth) {
      return depth < DEPTH_MAX ? random.nextInt(4) : 0;
    }

    private byte[] bytes(int count) {
      byte[] bytes = new byte[count];
      random.nextBytes(bytes);
      return bytes;
    }

    private static int smallest(List<Schema> branches) {
      for (int index = 0; index < branches.size(); index++) {
        if (branches.get(index).getType() != Schema.Type.RECORD) {
          return index;
        }
      }
      return 0;
    }
  }

  private static Schema parse(String text) {
    Schema.Parser parser = new Schema.Parser();
    parser.setValidateDefaults(false);
    return parser.parse(text);
  }
}
