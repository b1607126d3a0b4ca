// An independent CDR codec, @foxglove/rosmsg2-serialization, over files:
//   node cdr.mjs IN OUT
// IN: JSON list of { type, definition, samples: [hex CDR, ...] }. OUT: JSON list of
// { type, again: [hex of what was decoded and encoded], digests: [...], made: [hex of random messages], madeDigests: [...] }.
// A digest is SHA-256 over all leaf values in order of declaration, so that both sides can tell whether they read the same.
import { readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { parse } from "@foxglove/rosmsg";
import { MessageReader, MessageWriter } from "@foxglove/rosmsg2-serialization";

const hex = (bytes) => Buffer.from(bytes).toString("hex");
let seed = 12345;
const next = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) / 4294967296;
const integer = (min, max) => Math.floor(min + next() * (max - min + 1));
const ranges = { int8: [-128, 127], uint8: [0, 255], byte: [0, 255], char: [0, 255], int16: [-32768, 32767], uint16: [0, 65535], int32: [-2147483648, 2147483647], uint32: [0, 4294967295] };

function flatten(definitions, fields, value, out) {
  for (const f of fields) {
    if (f.isConstant) continue;
    const items = f.isArray ? Array.from(value[f.name]) : [value[f.name]];
    if (f.isArray) out.push("n" + items.length);
    for (const item of items) {
      if (f.isComplex) flatten(definitions, definitions.get(f.type), item, out);
      else if (f.type === "time" || f.type === "duration") out.push("i" + item.sec, "i" + item.nanosec);
      else if (f.type === "string") out.push("s" + item);
      else if (f.type === "float64" || f.type === "float32") { const b = Buffer.alloc(8); b.writeDoubleBE(item); out.push("f" + hex(b)); }
      else out.push("i" + (typeof item === "boolean" ? Number(item) : item).toString());
    }
  }
  return out;
}

function random(definitions, fields) {
  const value = {};
  for (const f of fields) {
    if (f.isConstant) continue;
    const one = () => {
      if (f.isComplex) return random(definitions, definitions.get(f.type));
      if (f.type === "time" || f.type === "duration") return { sec: integer(...ranges.int32), nanosec: integer(...ranges.uint32) };
      if (f.type === "string") return "plain text".slice(0, integer(0, 9));
      if (f.type === "bool") return next() < 0.5;
      if (f.type === "float32") return Math.fround((next() - 0.5) * 1e6);
      if (f.type === "float64") return (next() - 0.5) * 1e12;
      if (f.type === "int64") return BigInt(integer(-4e9, 4e9)) * 1000003n;
      if (f.type === "uint64") return BigInt(integer(0, 4e9)) * 1000003n;
      return integer(...ranges[f.type]);
    };
    const count = f.arrayLength ?? integer(0, Math.min(4, f.arrayUpperBound ?? 4));
    value[f.name] = f.isArray ? Array.from({ length: count }, one) : one();
  }
  return value;
}

const digest = (list) => createHash("sha256").update(list.join("\n")).digest("hex");
const result = JSON.parse(readFileSync(process.argv[2], "utf8")).map(({ type, definition, samples }) => {
  const parsed = parse(definition, { ros2: true });
  const definitions = new Map(parsed.map((d) => [d.name, d.definitions]));
  const root = parsed[0].definitions;
  const reader = new MessageReader(parsed), writer = new MessageWriter(parsed);
  const again = [], digests = [], made = [], madeDigests = [];
  for (const sample of samples) {
    const message = reader.readMessage(Buffer.from(sample, "hex"));
    digests.push(digest(flatten(definitions, root, message, [])));
    again.push(hex(writer.writeMessage(message)));
    const fresh = random(definitions, root);
    made.push(hex(writer.writeMessage(fresh)));
    madeDigests.push(digest(flatten(definitions, root, fresh, [])));
  }
  return { type, again, digests, made, madeDigests };
});
writeFileSync(process.argv[3], JSON.stringify(result));
