// A foreign edge on zeromq and @msgpack/msgpack, written from docs/formats/{link,transition}.md: greets, sends transitions as maps,
// waits until all are persisted, fetches the policy. usage: edge.mjs ENDPOINT COUNT SCHEMA-HEX [LEARNER-KEY PUBLIC-KEY SECRET-KEY]
import { createHash } from 'node:crypto';
import { Dealer } from 'zeromq';
import { encode } from '@msgpack/msgpack';

const [endpoint, count, schemaHex, serverKey, publicKey, secretKey] = process.argv.slice(2);
const table = Array.from({ length: 256 }, (_, n) => { for (let i = 0; i < 8; i++) n = n & 1 ? (n >>> 1) ^ 0x82f63b78 : n >>> 1; return n >>> 0; });
const crc32c = bytes => { let crc = 0xffffffff; for (const b of bytes) crc = (crc >>> 8) ^ table[(crc ^ b) & 255]; return (crc ^ 0xffffffff) >>> 0; };
const u = (size, value) => { const b = Buffer.alloc(size); size === 8 ? b.writeBigUInt64LE(BigInt(value)) : b.writeUIntLE(Number(value), 0, size); return b; };
const stamp = Buffer.alloc(24);

function frame(kind, session, body) {
  const head = Buffer.concat([Buffer.from('RBTL'), u(2, 2), u(1, kind), u(1, 0), u(4, session), u(4, body.length), body]);
  return Buffer.concat([head, u(4, crc32c(kind === 4 ? head.subarray(0, 28) : head))]);
}

const schema = Buffer.from(schemaHex, 'hex');
const hash = createHash('sha256').update(schema).digest().readBigUInt64LE();
const [frameLength, privilegedLength, actionLength] = [0, 4, 8].map(i => schema.readInt32LE(i));
const floats = (n, f) => new Uint8Array(Float32Array.from({ length: n }, (_, i) => f(i)).buffer);

function transition(sequence) {
  const last = sequence % 10 === 0;
  const t = {
    robot: 7n, boot: 5n, sequence, episode: Math.floor((sequence - 1) / 10), step: (sequence - 1) % 10, flags: last ? 2 | 4 : 0, source: 2,
    safety_action: 0, safety_causes: 0, clamp_mask: 0xffffffffffffffffn, sample_time_ns: -sequence, command_time_ns: sequence * 10000000,
    policy: [1n, 2, 3, 0xfedcba9876543210n], schema: hash, reward: 0.5, reward_version: 4, comment: { of: ['this', 'peer', null, true, 1.5] },
    frame: floats(frameLength, i => sequence + i), privileged: floats(privilegedLength, () => 0), proposed: floats(actionLength, () => 0),
    human: floats(actionLength, () => 0), executed: floats(actionLength, i => -sequence - i), images: new Uint8Array(0),
  };
  return encode(last ? { ...t, final_frame: floats(frameLength, i => -i), final_privileged: floats(privilegedLength, () => 0), final_images: new Uint8Array(0) } : t, { useBigInt64: true });
}

const socket = new Dealer({ linger: 0, receiveTimeout: 60000, ...(serverKey ? { curveServerKey: serverKey, curvePublicKey: publicKey, curveSecretKey: secretKey } : {}) });
socket.connect(endpoint);
await socket.send(frame(1, 0, Buffer.concat([u(8, 7), u(8, 5), u(8, 9), u(8, hash), stamp, u(2, schema.length), schema, u(1, 1)])));
let persisted = 0n, policy = null, wanted = null, pieces = [];
while (persisted < BigInt(count) || policy === null) {
  const [bytes] = await socket.receive();
  const kind = bytes[6], session = bytes.readUInt32LE(8), body = bytes.subarray(16, -4);
  if (crc32c(kind === 9 ? bytes.subarray(0, 52) : bytes.subarray(0, -4)) !== bytes.readUInt32LE(bytes.length - 4)) throw new Error('checksum of kind ' + kind);
  if (kind === 3) throw new Error('refused: ' + body.subarray(12).toString());
  if (kind === 2) {
    for (let first = 1; first <= count; first += 50) {
      const maps = Array.from({ length: Math.min(50, count - first + 1) }, (_, i) => transition(first + i));
      await socket.send(frame(4, session, Buffer.concat([u(8, first - 1), u(4, maps.length), ...maps])));
    }
    await socket.send(frame(10, session, Buffer.concat([u(8, 0), u(8, count), stamp])));
  } else if (kind === 5) persisted = body.readBigUInt64LE();
  else if (kind === 7 && !wanted?.equals(body.subarray(28, 60))) { wanted = Buffer.from(body.subarray(28, 60)); pieces = []; await socket.send(frame(8, session, Buffer.concat([wanted, u(4, 0)]))); }
  else if (kind === 9 && body.readUInt32LE(32) === pieces.reduce((n, p) => n + p.length, 0)) {
    pieces.push(Buffer.from(body.subarray(36)));
    const whole = Buffer.concat(pieces);
    if (createHash('sha256').update(whole).digest().equals(wanted)) policy = whole.length;
    else await socket.send(frame(8, session, Buffer.concat([wanted, u(4, whole.length)])));
  }
}
console.log(JSON.stringify({ persisted: Number(persisted), policy }));
socket.close();
process.exit(0);
