// What is no fault of lualogue's, each with its reason. A fault is excused where its text fits.

// Where the description itself is wrong; for what the specs send and for what is made up.
export const FLAWS = [];

// What the specs give on purpose, or leave out: parameters go through as they are. That nothing of
// what is given gets lost, and nothing is added, is judged with the requests that are made up.
const CHAT = "POST /chat/completions";
export const OF_THE_SPECS = [
  { fault: /^(body|form): +must have required property '/, reason: "a parameter that the spec gives none of" },
  { fault: /^query: \w.* is not known$/, reason: "a query of the spec's own" },
  { operation: CHAT, fault: /^body: \/messages must NOT have fewer than 1 items$/, reason: "a spec of something else asks with no message" },
  { fault: /^body: it is (none|x\/y)$/, reason: "the spec takes Content-Type away, or says another" },
  { operation: CHAT, fault: /^body: \/(stop|temperature|seed|model|tools\/0)(\/type)? must /,
    reason: "values that no server takes: they are sent as they are given" },
  { operation: "POST /responses", fault: /^body: \/max_output_tokens must /, reason: "values that no server takes: they are sent as they are given" },
  { fault: /^(body|form): +must NOT have additional properties (odd|messages)$|^query \w+:( \/\d+)?  ?must be |^query include: \/\d must be|^body: there should be none$|^body: must match a schema in anyOf$/,
    reason: "the spec of all operations gives each the same odd parameters" },
];
