// Decodes one MessagePack value from standard input and encodes it again, with the reference implementation for JavaScript.
import { decode, encode } from '@msgpack/msgpack';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
process.stdout.write(encode(decode(Buffer.concat(chunks), { useBigInt64: true }), { useBigInt64: true }));
