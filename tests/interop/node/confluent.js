// Confluent's own JavaScript client against a running registry: node confluent.js URL.

const assert = require("node:assert/strict");
const {
  AvroDeserializer,
  AvroSerializer,
  RestError,
  SchemaRegistryClient,
  SerdeType,
} = require("@confluentinc/schemaregistry");
const steps = require("./steps");

const { ADDRESS, ORDER, ORDER_NOTED, ORDER_NOTE_REQUIRED, ORDER_SHIPPED } = steps.schemas;

const avro = (schema, more = {}) => ({ schemaType: "AVRO", schema, ...more });

// A client without a cache of earlier answers.
const fresh = (url) => SchemaRegistryClient.newClient({ baseURLs: [url] });

// The status, code and message of a refusal; the client appends the code to the message.
async function refused(promise) {
  const error = await steps.refused(promise);
  assert(error instanceof RestError, error.stack);
  const { status, errorCode: code } = error;
  return { status, code, message: error.message.replace(`; Error code: ${code}`, "") };
}

function assertMentions(text, part) {
  assert(text.includes(part), `${JSON.stringify(part)} is in ${JSON.stringify(text)}`);
}

// Asserts that the named attributes of an answer have these values.
function assertHas(answer, wanted) {
  const said = Object.fromEntries(Object.keys(wanted).map((name) => [name, answer[name]]));
  assert.deepEqual(said, wanted);
}

async function registerLookUpAndReadBack(url) {
  const first = await fresh(url).register("read-value", avro(ORDER));
  assert.equal(await fresh(url).register("read-value", avro(ORDER)), first);
  assert.equal(await fresh(url).register("read-again-value", avro(ORDER)), first);
  const whole = await fresh(url).registerFullResponse("read-value", avro(ORDER), true);
  assertHas(whole, { id: first, version: 1, guid: steps.guid(ORDER), schema: ORDER });

  assert.equal((await fresh(url).getBySubjectAndId("read-value", first)).schema, ORDER);
  assert.equal((await fresh(url).getByGuid(steps.guid(ORDER))).schema, ORDER);
  const wanted = { subject: "read-value", version: 1, id: first, schema: ORDER };
  assertHas(await fresh(url).getIdFullResponse("read-value", avro(ORDER)), wanted);
  assertHas(await fresh(url).getLatestSchemaMetadata("read-value"), wanted);
  assertHas(await fresh(url).getSchemaMetadata("read-value", 1), wanted);

  assert.equal(await fresh(url).getId("read-value", avro(ORDER)), first);
  assert.equal(await fresh(url).getVersion("read-value", avro(ORDER)), 1);
  assert.deepEqual(await fresh(url).getAllVersions("read-value"), [1]);
  const subjects = await fresh(url).getAllSubjects();
  assert(subjects.includes("read-value") && subjects.includes("read-again-value"), subjects);
}

async function evolveAndBeRefused(url) {
  const subject = "evolve-value";
  const first = await fresh(url).register(subject, avro(ORDER));
  const second = await fresh(url).register(subject, avro(ORDER_NOTED));
  assert(second > first);

  const error = await refused(fresh(url).register(subject, avro(ORDER_NOTE_REQUIRED)));
  assertHas(error, { status: 409, code: 40901 });
  assertMentions(error.message, 'incompatible with an earlier schema for subject "evolve-value"');
  assert.deepEqual(await fresh(url).getAllVersions(subject), [1, 2]);

  assert.equal(await fresh(url).testSubjectCompatibility(subject, avro(ORDER)), true);
  assert.equal(await fresh(url).testCompatibility(subject, 1, avro(ORDER_NOTED)), true);
  assert.equal(await fresh(url).testCompatibility(subject, 1, avro(ORDER_NOTE_REQUIRED)), false);

  const broken = await refused(fresh(url).register(subject, avro('{"type":"record"}')));
  assertHas(broken, { status: 422, code: 42201 });
}

async function whatIsNotThereIsNamed(url) {
  assert.deepEqual(await refused(fresh(url).getLatestSchemaMetadata("nobody-value")), {
    status: 404,
    code: 40401,
    message: "Subject 'nobody-value' not found.",
  });
  await fresh(url).register("missing-value", avro(ORDER));
  const client = fresh(url);
  assert.equal((await refused(client.getBySubjectAndId("missing-value", 2e9))).code, 40403);
  assert.equal((await refused(client.getSchemaMetadata("missing-value", 7))).code, 40402);
  assert.equal((await refused(client.getId("missing-value", avro(ORDER_NOTED)))).code, 40403);
}

async function references(url) {
  await fresh(url).register("address-value", avro(ADDRESS));
  const to = (subject) => ({ references: [{ name: "shop.Address", subject, version: 1 }] });
  const dangling = avro(ORDER_SHIPPED, to("nobody-value"));
  const unresolved = await refused(fresh(url).register("shipped-value", dangling));
  assert.equal(unresolved.code, 42201);
  const reason = 'No schema reference found for subject "nobody-value" and version 1';
  assertMentions(unresolved.message, reason);

  const shipped = avro(ORDER_SHIPPED, to("address-value"));
  const id = await fresh(url).register("shipped-value", shipped);
  assert.equal(await fresh(url).register("shipped-value", shipped), id);
  const { references: read } = shipped;
  assertHas(await fresh(url).getBySubjectAndId("shipped-value", id), { references: read });
  assertHas(await fresh(url).getIdFullResponse("shipped-value", shipped), { id, references: read });

  const writer = new AvroSerializer(fresh(url), SerdeType.VALUE, { useLatestVersion: true });
  const message = await writer.serialize("shipped", { id: 1, to: { city: "Ulm" } });
  const reader = new AvroDeserializer(fresh(url), SerdeType.VALUE, {});
  const order = await reader.deserialize("shipped", message);
  assert.equal(order.to.city, "Ulm");

  const needed = await refused(fresh(url).deleteSubjectVersion("address-value", 1));
  assertHas(needed, { status: 422, code: 42206 });
  assert.deepEqual(await fresh(url).deleteSubject("shipped-value"), [1]);
  assert.equal(await fresh(url).deleteSubjectVersion("address-value", 1), 1);
}

async function contextsAreWorldsOfTheirOwn(url) {
  const subject = ":.confluent-js:ctx-value";
  const first = await fresh(url).register(subject, avro(ORDER));
  const second = await fresh(url).register(subject, avro(ORDER_NOTED));
  const wanted = { subject, version: 2, id: second };
  assertHas(await fresh(url).getLatestSchemaMetadata(subject), wanted);
  assert.equal((await fresh(url).getBySubjectAndId(subject, first)).schema, ORDER);
  const error = await refused(fresh(url).register(subject, avro(ORDER_NOTE_REQUIRED)));
  assertHas(error, { status: 409, code: 40901 });

  const below = `${url}/contexts/.confluent-js`;
  assert.deepEqual(await fresh(below).getAllVersions("ctx-value"), [1, 2]);
  assert.deepEqual(await fresh(below).getAllSubjects(), [subject]);
}

async function aSubjectWithADifficultName(url) {
  const name = "a/b c%d+e-value";
  const id = await fresh(url).register(name, avro(ORDER));
  assertHas(await fresh(url).getLatestSchemaMetadata(name), { subject: name, id });
  assert((await fresh(url).getAllSubjects()).includes(name));
}

async function deletionSoftAndPermanent(url) {
  const subject = "delete-value";
  const id = await fresh(url).register(subject, avro(ORDER));
  await fresh(url).register(subject, avro(ORDER_NOTED));

  const hasty = await refused(fresh(url).deleteSubjectVersion(subject, 1, true));
  assertHas(hasty, { status: 404, code: 40407 });
  assert.equal(await fresh(url).deleteSubjectVersion(subject, 1), 1);
  assert.deepEqual(await fresh(url).getAllVersions(subject), [2]);
  assert.equal((await refused(fresh(url).getSchemaMetadata(subject, 1))).code, 40402);
  assert.equal((await fresh(url).getSchemaMetadata(subject, 1, true)).id, id);
  assert.equal(await fresh(url).getVersion(subject, avro(ORDER), false, true), 1);
  assert.equal(await fresh(url).deleteSubjectVersion(subject, 1, true), 1);

  assert.equal((await refused(fresh(url).deleteSubject(subject, true))).code, 40405);
  assert.deepEqual(await fresh(url).deleteSubject(subject), [2]);
  assert(!(await fresh(url).getAllSubjects()).includes(subject));
  assert.deepEqual(await fresh(url).deleteSubject(subject, true), [2]);
  assert.equal((await refused(fresh(url).deleteSubject(subject, true))).code, 40401);
}

async function configGlobalAndOfASubject(url) {
  const subject = "level-value";
  const client = fresh(url);
  assertHas(await refused(client.getCompatibility(subject)), { status: 404, code: 40408 });
  assert.equal(await client.getDefaultCompatibility(), "BACKWARD");
  assert.equal(await client.updateDefaultCompatibility("FULL"), "FULL");
  assert.deepEqual(await client.getDefaultConfig(), { compatibilityLevel: "FULL" });
  assertHas(await client.updateDefaultConfig({ compatibility: "BACKWARD" }), { compatibility: "BACKWARD" });

  assert.equal(await client.updateCompatibility(subject, "NONE"), "NONE");
  assert.equal(await client.getCompatibility(subject), "NONE");
  await client.register(subject, avro(ORDER));
  await client.register(subject, avro(ORDER_NOTE_REQUIRED));

  const update = {
    compatibility: "FORWARD_TRANSITIVE",
    compatibilityGroup: "major",
    defaultMetadata: { properties: { owner: "shop" } },
  };
  assert.deepEqual(await client.updateConfig(subject, update), update);
  const { compatibility, ...rest } = update;
  assertHas(await client.getConfig(subject), { compatibilityLevel: compatibility, ...rest });
  const wrong = await refused(client.updateCompatibility(subject, "SIDEWAYS"));
  assertHas(wrong, { status: 422, code: 42203 });
}

async function metadataAndTheLatestThatHasIt(url) {
  const subject = "metadata-value";
  const tags = { "**.id": ["KEY"] };
  for (const [major, text] of [["1", ORDER], ["2", ORDER_NOTED]]) {
    const metadata = { tags, properties: { major, owner: "the shop" } };
    const id = await fresh(url).register(subject, avro(text, { metadata }));
    assertHas(await fresh(url).getBySubjectAndId(subject, id), { metadata });
  }
  const latest = (properties) => fresh(url).getLatestWithMetadata(subject, properties);
  assertHas(await latest({ major: "1", owner: "the shop" }), { version: 1, schema: ORDER });
  assertHas(await latest({ owner: "the shop" }), { version: 2, schema: ORDER_NOTED });
  assertHas(await refused(latest({ major: "3" })), { status: 404, code: 40403 });
}

async function ruleSets(url) {
  const subject = "rules-value";
  const positive = {
    name: "positive",
    doc: "Ids begin at one.",
    kind: "CONDITION",
    mode: "WRITE",
    type: "CEL",
    tags: ["KEY"],
    params: { a: "b" },
    expr: "message.id > 0",
    onSuccess: "NONE",
    onFailure: "DLQ",
    disabled: true,
  };
  const ruleSet = { domainRules: [positive] };
  const id = await fresh(url).register(subject, avro(ORDER, { ruleSet }));
  const read = await fresh(url).getBySubjectAndId(subject, id);
  assert.deepEqual(read.ruleSet.domainRules, [positive]);

  const migrationRules = [{ ...positive, mode: "WRITE" }];
  const wrong = avro(ORDER, { ruleSet: { migrationRules } });
  assertHas(await refused(fresh(url).register(subject, wrong)), { status: 422, code: 42210 });
}

async function avroThereAndBack(url) {
  await fresh(url).register("orders-value", avro(ORDER));
  const writer = new AvroSerializer(fresh(url), SerdeType.VALUE, { useLatestVersion: true });
  const message = await writer.serialize("orders", { id: 42 });
  const id = await fresh(url).getId("orders-value", avro(ORDER));
  assert.equal(message[0], 0);
  assert.equal(message.readUInt32BE(1), id);
  console.log(`message ${id} ${message.toString("hex")}`);
  const reader = new AvroDeserializer(fresh(url), SerdeType.VALUE, {});
  assert.equal((await reader.deserialize("orders", message)).id, 42);
}

steps.run([
  registerLookUpAndReadBack,
  evolveAndBeRefused,
  whatIsNotThereIsNamed,
  references,
  contextsAreWorldsOfTheirOwn,
  aSubjectWithADifficultName,
  deletionSoftAndPermanent,
  configGlobalAndOfASubject,
  metadataAndTheLatestThatHasIt,
  ruleSets,
  avroThereAndBack,
]);
