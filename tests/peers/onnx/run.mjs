// Runs an exported policy in onnxruntime (WebAssembly), an implementation of ONNX that shares nothing with ours.
// usage: node run.mjs MODEL.onnx < observations.json > actions.json; one action per observation, recurrent state carried along.
import { readFileSync } from "node:fs";
import * as ort from "onnxruntime-web";

ort.env.wasm.numThreads = 1;
const session = await ort.InferenceSession.create(readFileSync(process.argv[2]));
const observations = JSON.parse(readFileSync(0, "utf8"));
const actions = [];
const step = (observation, state) =>
  session.run({ observation: new ort.Tensor("float32", Float32Array.from(observation), [1, observation.length]), ...state });

// The first run only asks for the initial state, which is a constant output.
let state = {};
for (const input of session.inputMetadata)
  if (input.name.startsWith("state_")) state[input.name] = new ort.Tensor("float32", new Float32Array(input.shape[2]), input.shape);
let results = await step(observations[0], state);
for (const name of Object.keys(state)) state[name] = results[`initial_${name}`];
for (const observation of observations) {
  results = await step(observation, state);
  actions.push(Array.from(results.action.data));
  for (const name of Object.keys(state)) state[name] = results[`next_${name}`];
}
process.stdout.write(JSON.stringify(actions));
