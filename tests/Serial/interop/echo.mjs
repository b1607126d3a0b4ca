// Reads frames from standard input with node-mavlink, takes every message apart into its fields and puts it together again; prints the new frame as hex.
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const { MavLinkPacketSplitter, MavLinkPacketParser, MavLinkProtocolV2, minimal, standard, common, ardupilotmega, development, uavionix, icarous } = require('node-mavlink');
const registry = Object.assign({}, ...[uavionix, icarous, development, ardupilotmega, common, standard, minimal].map(d => d.REGISTRY));

const parser = new MavLinkPacketParser();
parser.on('data', packet => {
  const { msgid, sysid, compid, seq } = packet.header;
  const type = registry[msgid];
  if (!type) return; // of a dialect it was not given
  const message = new type();
  const fields = packet.protocol.data(packet.payload, type);
  for (const field of type.FIELDS) message[field.name] = fields[field.name];
  console.log(`FRAME ${msgid} ${type.PAYLOAD_LENGTH} ${new MavLinkProtocolV2(sysid, compid).serialize(message, seq).toString('hex')}`);
});
process.stdin.pipe(new MavLinkPacketSplitter()).pipe(parser);
