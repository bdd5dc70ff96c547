// KafkaJS's client against a running registry: node kafkajs.js URL. It knows registration,
// reading and messages, and nothing of deletion, modes and metadata.

const assert = require("node:assert/strict");
const { COMPATIBILITY, SchemaRegistry, SchemaType } = require("@kafkajs/confluent-schema-registry");
const { refused, run, schemas } = require("./steps");

const { ADDRESS, ORDER, ORDER_NOTED, ORDER_NOTE_REQUIRED, ORDER_SHIPPED } = schemas;

const avro = (schema, more = {}) => ({ type: SchemaType.AVRO, schema, ...more });

// A client without a cache of earlier answers.
const fresh = (url) => new SchemaRegistry({ host: url });

async function registerAndReadBack(url) {
  const { id } = await fresh(url).register(avro(ORDER), { subject: "read-value" });
  assert.deepEqual(await fresh(url).register(avro(ORDER), { subject: "read-value" }), { id });
  // Without a subject the client takes the record's full name.
  assert.deepEqual(await fresh(url).register(JSON.parse(ORDER)), { id });
  assert.equal(await fresh(url).getLatestSchemaId("shop.Order"), id);

  assert.equal(await fresh(url).getLatestSchemaId("read-value"), id);
  assert.equal(await fresh(url).getRegistryId("read-value", 1), id);
  assert.equal(await fresh(url).getRegistryIdBySchema("read-value", avro(ORDER)), id);
  const schema = await fresh(url).getSchema(id);
  assert.equal(schema.name, "shop.Order");
}

// The client reads the level, and sets it for a subject that has none.
async function levelsAreSetAndHeld(url) {
  const subject = "level-value";
  const { FULL, NONE } = COMPATIBILITY;
  await fresh(url).register(avro(ORDER), { subject, compatibility: NONE });
  await fresh(url).register(avro(ORDER_NOTE_REQUIRED), { subject, compatibility: NONE });
  const other = await refused(fresh(url).register(avro(ORDER), { subject, compatibility: FULL }));
  assert.equal(other.name, "ConfluentSchemaRegistryCompatibilityError");
  assert.match(other.message, /FULL != NONE/);
}

async function evolveAndBeRefused(url) {
  const subject = "evolve-value";
  await fresh(url).register(avro(ORDER), { subject });
  const { id } = await fresh(url).register(avro(ORDER_NOTED), { subject });
  const error = await refused(fresh(url).register(avro(ORDER_NOTE_REQUIRED), { subject }));
  assert.equal(error.status, 409);
  assert.match(error.message, /incompatible with an earlier schema for subject "evolve-value"/);
  assert.equal(await fresh(url).getLatestSchemaId(subject), id);
}

async function whatIsNotThereIsNamed(url) {
  const missing = await refused(fresh(url).getLatestSchemaId("nobody-value"));
  assert.equal(missing.status, 404);
  assert.match(missing.message, /Subject 'nobody-value' not found\.$/);
  const unknown = await refused(fresh(url).getSchema(2e9));
  assert.equal(unknown.status, 404);
  assert.match(unknown.message, /Schema 2000000000 not found$/);
}

async function references(url) {
  await fresh(url).register(avro(ADDRESS), { subject: "address-value" });
  const references = [{ name: "shop.Address", subject: "address-value", version: 1 }];
  const shipped = avro(ORDER_SHIPPED, { references });
  const { id } = await fresh(url).register(shipped, { subject: "shipped-value" });
  assert.deepEqual(await fresh(url).register(shipped, { subject: "shipped-value" }), { id });

  const message = await fresh(url).encode(id, { id: 1, to: { city: "Ulm" } });
  const read = await fresh(url).decode(message);
  assert.equal(read.to.city, "Ulm");
}

async function aQualifiedSubject(url) {
  const subject = ":.kafkajs:ctx-value";
  const { id } = await fresh(url).register(avro(ORDER), { subject });
  const below = fresh(`${url}/contexts/.kafkajs`);
  assert.equal(await below.getLatestSchemaId("ctx-value"), id);
  const message = await below.encode(id, { id: 7 });
  assert.equal((await fresh(`${url}/contexts/.kafkajs`).decode(message)).id, 7);
}

async function aSubjectWithADifficultName(url) {
  const subject = "a/b c%d+e-value";
  const { id } = await fresh(url).register(avro(ORDER), { subject });
  assert.equal(await fresh(url).getLatestSchemaId(subject), id);
}

async function messagesThereAndBack(url) {
  const { id } = await fresh(url).register(avro(ORDER), { subject: "orders-value" });
  const message = await fresh(url).encode(id, { id: 42 });
  console.log(`message ${id} ${message.toString("hex")}`);
  assert.equal((await fresh(url).decode(message)).id, 42);
  const readerSchema = JSON.parse(ORDER_NOTED);
  const read = await fresh(url).decode(message, { [SchemaType.AVRO]: { readerSchema } });
  assert.deepEqual({ ...read }, { id: 42, note: null });
}

run([
  registerAndReadBack,
  levelsAreSetAndHeld,
  evolveAndBeRefused,
  whatIsNotThereIsNamed,
  references,
  aQualifiedSubject,
  aSubjectWithADifficultName,
  messagesThereAndBack,
]);
