// Reads an MCAP file with the format's own library and decodes its messages with an independent ROS 2 decoder; prints sums. usage: read.cjs FILE
const fs = require('fs');
const { McapIndexedReader, McapStreamReader } = require('@mcap/core');
const { parse } = require('@foxglove/rosmsg');
const { MessageReader } = require('@foxglove/rosmsg2-serialization');
const bytes = fs.readFileSync(process.argv[2]);
const readable = { size: async () => BigInt(bytes.length), read: async (o, n) => bytes.subarray(Number(o), Number(o + n)) };
(async () => {
  const indexed = await McapIndexedReader.Initialize({ readable });
  const schema = [...indexed.schemasById.values()][0];
  const decoder = new MessageReader(parse(new TextDecoder().decode(schema.data), { ros2: true }));
  const out = { profile: indexed.header.profile, schema: schema.name, count: 0, sequences: 0, frame0: 0, finals: 0, executed1: 0, streamed: 0 };
  for await (const m of indexed.readMessages()) {
    const t = decoder.readMessage(m.data);
    out.count++; out.sequences += Number(t.sequence); out.frame0 += t.frame[0]; out.finals += t.final_frame.length; out.executed1 += t.executed[1];
  }
  const stream = new McapStreamReader(); stream.append(bytes);
  for (let r; (r = stream.nextRecord()); ) if (r.type === 'Message') out.streamed++;
  console.log(JSON.stringify(out));
})();
