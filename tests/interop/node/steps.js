// Runs the steps of a client's program, prints each with its verdict, and ends as the programs of
// all clients do. Also the Avro schemas that the programs share.

const assert = require("node:assert/strict");
const { createHash } = require("node:crypto");

const order = (...fields) => JSON.stringify({ type: "record", name: "Order", namespace: "shop", fields });
const ID = { name: "id", type: "long" };
const NOTE_OPTIONAL = { name: "note", type: ["null", "string"], default: null };
const NOTE_REQUIRED = { name: "note", type: "string" };

const schemas = {
  ORDER: order(ID),
  ORDER_NOTED: order(ID, NOTE_OPTIONAL),
  ORDER_NOTE_REQUIRED: order(ID, NOTE_REQUIRED),
  // Refers to ADDRESS by its name.
  ORDER_SHIPPED: order(ID, { name: "to", type: "shop.Address" }),
  ADDRESS: JSON.stringify({
    type: "record",
    name: "Address",
    namespace: "shop",
    fields: [{ name: "city", type: "string" }],
  }),
};

// The GUID of a schema that is nothing but its text: the hash of that.
function guid(text) {
  const hash = createHash("md5").update(text).digest("hex");
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// The error with which a promise fails; a success is a failure.
async function refused(promise) {
  let answer;
  try {
    answer = await promise;
  } catch (error) {
    return error;
  }
  assert.fail(`was not refused, but answered ${JSON.stringify(answer)}`);
}

// Calls each step with the URL of the registry, which is the program's only argument.
async function run(steps) {
  let failed = 0;
  for (const step of steps) {
    try {
      await step(process.argv[2]);
      console.log(`${step.name} ok`);
    } catch (error) {
      failed += 1;
      console.log(`${step.name} FAILED\n${error.stack}`);
    }
  }
  console.log(failed ? `${failed} of ${steps.length} failed` : "all passed");
  process.exitCode = failed ? 1 : 0;
}

module.exports = { guid, refused, run, schemas };
