import static java.util.Map.of;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.ParsedSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.SchemaMetadata;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.RestService;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.entities.Config;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.entities.Metadata;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.entities.Rule;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.entities.RuleKind;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.entities.RuleMode;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.entities.RuleSet;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.entities.SchemaReference;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.entities.SubjectVersion;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;

/**
 * Confluent's own Java client against a running registry: Client URL. Confluent publishes it in a
 * repository of its own; this is version 7.5.3 of it as Apache Flink bundles it, whose code is
 * untouched but for the names of its packages.
 */
public final class Client {
  private static final String ID = "{\"name\":\"id\",\"type\":\"long\"}";
  private static final String NOTE_OPTIONAL =
      "{\"name\":\"note\",\"type\":[\"null\",\"string\"],\"default\":null}";
  private static final String NOTE_REQUIRED = "{\"name\":\"note\",\"type\":\"string\"}";
  private static final String SHIP_TO = "{\"name\":\"to\",\"type\":\"shop.Address\"}";

  private static final AvroSchema ORDER = record("Order", ID);
  private static final AvroSchema ORDER_NOTED = record("Order", ID + "," + NOTE_OPTIONAL);
  private static final AvroSchema ORDER_NOTE_REQUIRED = record("Order", ID + "," + NOTE_REQUIRED);
  private static final AvroSchema ADDRESS =
      record("Address", "{\"name\":\"city\",\"type\":\"string\"}");

  private final String url;

  private Client(String url) {
    this.url = url;
  }

  public static void main(String[] arguments) throws Exception {
    System.exit(Steps.run(new Client(arguments[0]).new Suite()) ? 0 : 1);
  }

  private static String text(String name, String fields) {
    String head = "{\"type\":\"record\",\"name\":\"" + name + "\",\"namespace\":\"shop\",\"fields\":[";
    return head + fields + "]}";
  }

  private static AvroSchema record(String name, String fields) {
    return new AvroSchema(text(name, fields));
  }

  /** An order that refers to the address of a subject. */
  private static AvroSchema shipped(String subject) {
    List<SchemaReference> references = List.of(new SchemaReference("shop.Address", subject, 1));
    Map<String, String> resolved = of("shop.Address", ADDRESS.canonicalString());
    return new AvroSchema(text("Order", ID + "," + SHIP_TO), references, resolved, null);
  }

  /** A client without a cache of earlier answers. */
  private CachedSchemaRegistryClient fresh() {
    return new CachedSchemaRegistryClient(url, 100);
  }

  /** What the client itself asks with; it has more than the client shows. */
  private RestService rest() {
    return new RestService(url);
  }

  /** The steps. */
  public final class Suite {
    private Suite() {}

    public void registerLookUpAndReadBack() throws Exception {
      int first = fresh().register("read-value", ORDER);
      Steps.equal(fresh().register("read-value", ORDER, true), first);
      Steps.equal(fresh().register("read-again-value", ORDER), first);
      // A version and an id of "none" are sent as numbers.
      Steps.equal(fresh().register("read-value", ORDER, 0, -1), first);
      Steps.equal(fresh().registerWithResponse("read-value", ORDER, false).getId(), first);

      Steps.equal(fresh().getSchemaById(first), ORDER);
      Steps.equal(fresh().getSchemaBySubjectAndId("read-value", first), ORDER);
      Steps.equal(rest().getOnlySchemaById(first), ORDER.canonicalString());
      Steps.equal(fresh().getId("read-value", ORDER), first);
      Steps.equal(fresh().getVersion("read-value", ORDER, true), 1);

      SchemaMetadata latest = fresh().getLatestSchemaMetadata("read-value");
      Steps.equal(List.of(latest.getId(), latest.getVersion()), List.of(first, 1));
      Steps.equal(latest.getSchemaType(), "AVRO");
      Steps.equal(fresh().getSchemaMetadata("read-value", 1).getSchema(), ORDER.canonicalString());
      Steps.equal(rest().getLatestVersionSchemaOnly("read-value"), ORDER.canonicalString());
      Steps.equal(fresh().getAllVersions("read-value"), List.of(1));
      Steps.lists(fresh().getAllSubjects(), "read-value", "read-again-value");
      Steps.equal(List.copyOf(fresh().getAllSubjectsByPrefix("read-ag")), List.of("read-again-value"));
      Steps.lists(fresh().getAllSubjectsById(first), "read-value", "read-again-value");
      Steps.lists(fresh().getAllVersionsById(first), new SubjectVersion("read-again-value", 1));
      Steps.equal(fresh().getSchemas("read-", false, true), List.of(ORDER, ORDER));
      Steps.lists(rest().getSchemaTypes(), "AVRO");
    }

    public void whoServes() throws Exception {
      Steps.holds(rest().getClusterId().getScope() != null, "a scope");
      Steps.holds(rest().getSchemaRegistryServerVersion().getVersion() != null, "a version");
    }

    public void evolveAndBeRefused() throws Exception {
      String subject = "evolve-value";
      int first = fresh().register(subject, ORDER);
      Steps.holds(fresh().register(subject, ORDER_NOTED) > first, "ids grow");

      RestClientException error =
          Steps.refused(409, 409, () -> fresh().register(subject, ORDER_NOTE_REQUIRED));
      Steps.mentions(error.getMessage(), "incompatible with an earlier schema for subject \"evolve-value\"");
      Steps.equal(fresh().getAllVersions(subject), List.of(1, 2));

      Steps.holds(fresh().testCompatibility(subject, ORDER), "compatible with all that count");
      Steps.equal(fresh().testCompatibilityVerbose(subject, ORDER), List.of());
      List<String> why = fresh().testCompatibilityVerbose(subject, ORDER_NOTE_REQUIRED);
      Steps.mentions(why.get(0), "{errorType:'TYPE_MISMATCH'");
      Steps.refused(422, 42201, () -> rest().registerSchema("{\"type\":\"record\"}", subject));
    }

    public void whatIsNotThereIsNamed() throws Exception {
      RestClientException missing =
          Steps.refused(404, 40401, () -> fresh().getLatestSchemaMetadata("nobody-value"));
      // The client appends the code to the message.
      Steps.equal(missing.getMessage(), "Subject 'nobody-value' not found.; error code: 40401");
      Steps.refused(404, 40403, () -> fresh().getSchemaById(2_000_000_000));
      fresh().register("missing-value", ORDER);
      Steps.refused(404, 40402, () -> fresh().getSchemaMetadata("missing-value", 7));
      Steps.refused(404, 40403, () -> fresh().getId("missing-value", ORDER_NOTED));
    }

    public void references() throws Exception {
      fresh().register("address-value", ADDRESS);
      RestClientException unresolved =
          Steps.refused(422, 42201, () -> fresh().register("shipped-value", shipped("nobody-value")));
      Steps.mentions(
          unresolved.getMessage(),
          "No schema reference found for subject \"nobody-value\" and version 1");

      AvroSchema shipped = shipped("address-value");
      int id = fresh().register("shipped-value", shipped);
      Steps.equal(fresh().getId("shipped-value", shipped), id);
      Steps.equal(fresh().getVersion("shipped-value", shipped), 1);
      // The client follows the references with requests of its own.
      ParsedSchema read = fresh().getSchemaById(id);
      Steps.equal(read, shipped);
      Steps.equal(read.references(), shipped.references());
      Steps.equal(fresh().getLatestSchemaMetadata("shipped-value").getReferences(), shipped.references());
      Steps.holds(fresh().testCompatibility("shipped-value", shipped), "compatible with itself");
      Steps.equal(rest().getReferencedBy("address-value", 1), List.of(id));

      Steps.refused(422, 42206, () -> fresh().deleteSchemaVersion("address-value", "1"));
      Steps.equal(fresh().deleteSubject("shipped-value"), List.of(1));
      Steps.equal(fresh().deleteSchemaVersion("address-value", "1"), 1);
      Steps.equal(fresh().getSchemaById(id), shipped);
      Steps.refused(422, 42206, () -> fresh().deleteSchemaVersion("address-value", "1", true));
    }

    public void contextsAreWorldsOfTheirOwn() throws Exception {
      String subject = ":.confluent-java:ctx-value";
      int first = fresh().register(subject, ORDER);
      int second = fresh().register(subject, ORDER_NOTED);
      Steps.equal(fresh().getSchemaBySubjectAndId(subject, first), ORDER);
      Steps.equal(fresh().getLatestSchemaMetadata(subject).getId(), second);
      Steps.equal(List.copyOf(fresh().getAllSubjectsByPrefix(":.confluent-java:")), List.of(subject));
      Steps.lists(rest().getAllContexts(), ".", ".confluent-java");
      Steps.refused(409, 409, () -> fresh().register(subject, ORDER_NOTE_REQUIRED));

      Client below = new Client(url + "/contexts/.confluent-java");
      Steps.equal(below.fresh().getAllVersions("ctx-value"), List.of(1, 2));
      Steps.equal(List.copyOf(below.fresh().getAllSubjects()), List.of(subject));
      Steps.equal(below.fresh().getSchemaById(second), ORDER_NOTED);
    }

    public void aSubjectWithADifficultName() throws Exception {
      String name = "a/b c%d+e-value";
      int id = fresh().register(name, ORDER);
      Steps.equal(fresh().getLatestSchemaMetadata(name).getId(), id);
      Steps.equal(fresh().getSchemaBySubjectAndId(name, id), ORDER);
      Steps.lists(fresh().getAllSubjects(), name);
    }

    public void deletionSoftAndPermanent() throws Exception {
      String subject = "delete-value";
      int id = fresh().register(subject, ORDER);
      fresh().register(subject, ORDER_NOTED);

      Steps.refused(404, 40407, () -> fresh().deleteSchemaVersion(subject, "1", true));
      Steps.equal(fresh().deleteSchemaVersion(subject, "1"), 1);
      Steps.refused(404, 40406, () -> fresh().deleteSchemaVersion(subject, "1"));
      Steps.equal(fresh().getAllVersions(subject), List.of(2));
      Steps.equal(fresh().getAllVersions(subject, true), List.of(1, 2));
      Steps.equal(rest().getDeletedOnlyVersions(subject), List.of(1));
      Steps.equal(fresh().getSchemaMetadata(subject, 1, true).getId(), id);
      Steps.equal(fresh().deleteSchemaVersion(subject, "1", true), 1);

      Steps.refused(404, 40405, () -> fresh().deleteSubject(subject, true));
      Steps.equal(fresh().deleteSubject(subject), List.of(2));
      Steps.refused(404, 40404, () -> fresh().deleteSubject(subject));
      Steps.listsNo(fresh().getAllSubjects(), subject);
      Steps.lists(fresh().getAllSubjects(true), subject);
      Steps.lists(rest().getDeletedOnlySubjects("delete"), subject);
      Steps.equal(fresh().deleteSubject(subject, true), List.of(2));
      Steps.refused(404, 40401, () -> fresh().deleteSubject(subject, true));
    }

    public void configGlobalAndOfASubject() throws Exception {
      String subject = "level-value";
      Steps.refused(404, 40408, () -> fresh().getConfig(subject));
      Steps.equal(fresh().getCompatibility(null), "BACKWARD");
      Steps.equal(fresh().updateCompatibility(null, "FULL"), "FULL");
      Steps.equal(fresh().getConfig(null).getCompatibilityLevel(), "FULL");
      fresh().deleteConfig(null);
      Steps.equal(fresh().getCompatibility(null), "BACKWARD");

      Steps.equal(fresh().updateCompatibility(subject, "NONE"), "NONE");
      fresh().register(subject, ORDER);
      fresh().register(subject, ORDER_NOTE_REQUIRED);
      Config update = new Config("FORWARD_TRANSITIVE");
      update.setCompatibilityGroup("major");
      update.setDefaultMetadata(new Metadata(null, of("owner", "shop"), null));
      update.setNormalize(true);
      Steps.equal(fresh().updateConfig(subject, update), update);
      Steps.equal(fresh().getConfig(subject), update);
      fresh().deleteConfig(subject);
      Steps.refused(404, 40408, () -> fresh().getConfig(subject));
      Steps.refused(422, 42203, () -> fresh().updateCompatibility(subject, "SIDEWAYS"));
    }

    public void modesGlobalAndOfASubject() throws Exception {
      String subject = "mode-value";
      Steps.equal(fresh().getMode(), "READWRITE");
      Steps.refused(404, 40409, () -> fresh().getMode(subject));
      Steps.equal(fresh().setMode("READONLY", subject), "READONLY");
      Steps.equal(fresh().getMode(subject), "READONLY");
      Steps.refused(422, 42205, () -> fresh().register(subject, ORDER));
      fresh().deleteMode(subject);
      Steps.equal(fresh().setMode("READONLY"), "READONLY");
      RestClientException error = Steps.refused(422, 42205, () -> fresh().register(subject, ORDER));
      Steps.mentions(error.getMessage(), "read-only mode");
      Steps.equal(fresh().setMode("READWRITE"), "READWRITE");
      fresh().register(subject, ORDER);
      Steps.refused(422, 42204, () -> fresh().setMode("SIDEWAYS", subject));
    }

    public void importKeepsIdsAndVersions() throws Exception {
      String subject = "import-value";
      Steps.refused(422, 42205, () -> fresh().register(subject, ORDER, 3, 7_000));
      Steps.equal(fresh().setMode("IMPORT", subject), "IMPORT");
      Steps.equal(fresh().register(subject, ORDER_NOTED, 3, 7_000), 7_000);
      Steps.equal(fresh().getAllVersions(subject), List.of(3));
      Steps.equal(fresh().getSchemaMetadata(subject, 3).getId(), 7_000);
      Steps.refused(422, 42205, () -> fresh().register(subject, ADDRESS, 4, 7_000));
      fresh().deleteMode(subject);
      fresh().register(subject, ORDER);
      Steps.equal(fresh().getAllVersions(subject), List.of(3, 4));
      // A scope that has schemas is switched only by force.
      Steps.refused(422, 42205, () -> fresh().setMode("IMPORT", subject));
      Steps.equal(fresh().setMode("IMPORT", subject, true), "IMPORT");
    }

    public void metadataAndTheLatestThatHasIt() throws Exception {
      String subject = "metadata-value";
      Map<String, Set<String>> tags = of("**.id", Set.of("KEY"));
      Metadata first = new Metadata(tags, of("major", "1", "owner", "shop"), null);
      Metadata second = new Metadata(tags, of("major", "2", "owner", "shop"), null);
      int id = fresh().register(subject, ORDER.copy(first, null));
      fresh().register(subject, ORDER_NOTED.copy(second, null));
      Steps.equal(fresh().getSchemaById(id).metadata(), first);

      SchemaMetadata found = fresh().getLatestWithMetadata(subject, of("major", "1", "owner", "shop"), false);
      Steps.equal(List.of(found.getId(), found.getVersion()), List.of(id, 1));
      Steps.equal(found.getMetadata(), first);
      Steps.equal(fresh().getLatestWithMetadata(subject, of("owner", "shop"), false).getVersion(), 2);
      Steps.refused(404, 40403, () -> fresh().getLatestWithMetadata(subject, of("major", "3"), false));
    }

    public void ruleSets() throws Exception {
      String subject = "rules-value";
      RuleSet rules = new RuleSet(List.of(), List.of(positive("positive")));
      int id = fresh().register(subject, ORDER.copy(null, rules));
      RuleSet read = fresh().getSchemaById(id).ruleSet();
      Steps.equal(read.getDomainRules(), rules.getDomainRules());
      RuleSet twice = new RuleSet(List.of(), List.of(positive("same"), positive("same")));
      Steps.refused(422, 42210, () -> fresh().register(subject, ORDER.copy(null, twice)));
    }

    private Rule positive(String name) {
      return new Rule(
          name, "Ids begin at one.", RuleKind.CONDITION, RuleMode.WRITE, "CEL", Set.of("KEY"),
          of("a", "b"), "message.id > 0", "NONE", "DLQ", true);
    }
  }
}
