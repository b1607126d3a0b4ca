// Reads bytes from standard input with node-mavlink, prints one line per message, then the bytes of messages of its own as hex.
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const { MavLinkPacketSplitter, MavLinkPacketParser, MavLinkProtocolV2, minimal, common } = require('node-mavlink');
const registry = { ...minimal.REGISTRY, ...common.REGISTRY };

const parser = new MavLinkPacketParser();
parser.on('data', packet => {
  const type = registry[packet.header.msgid];
  const message = packet.protocol.data(packet.payload, type);
  const values = type.FIELDS.map(f => [message[f.name]].flat().map(v => typeof v === 'string' ? `"${v}"` : Number(v)).join('/'));
  console.log(`IN ${packet.header.msgid} ${packet.header.seq} ${values.join(' ')}`);
});
process.stdin.pipe(new MavLinkPacketSplitter()).pipe(parser);
parser.on('end', () => {
  const protocol = new MavLinkProtocolV2(9, 8);
  const out = (message, seq) => console.log('OUT ' + protocol.serialize(message, seq).toString('hex'));
  const heartbeat = Object.assign(new minimal.Heartbeat(), { type: 2, autopilot: 12, baseMode: 129, customMode: 393216, systemStatus: 4, mavlinkVersion: 3 });
  const attitude = Object.assign(new common.AttitudeQuaternion(), { timeBootMs: 1234, q1: 0.5, q2: -0.5, q3: 0.5, q4: -0.5, rollspeed: 0.25, pitchspeed: -0.75, yawspeed: 1.5 });
  const position = Object.assign(new common.LocalPositionNed(), { timeBootMs: 1235, x: 1, y: -2, z: -3.5, vx: 0.5, vy: 0.25, vz: -0.125 });
  const ack = Object.assign(new common.CommandAck(), { command: 400, result: 0, progress: 7, targetSystem: 245, targetComponent: 191 });
  out(heartbeat, 1);
  out(attitude, 2);
  out(position, 3);
  out(ack, 4);
});
