// What is no fault of lualogue's, each with its reason. A fault is excused where its text fits.

// Where the description itself is wrong; for what the specs send and for what is made up.
export const FLAWS = [];

// What the specs give on purpose, or leave out: parameters go through as they are. That nothing of
// what is given gets lost, and nothing is added, is judged with the requests that are made up.
export const OF_THE_SPECS = [
  { fault: /^(body|form): +must have required property '/, reason: "a parameter that the spec gives none of" },
  { fault: /^query: \w.* is not known$/, reason: "a query of the spec's own" },
  { fault: /^(body|form): +must NOT have additional properties (odd|messages)$|^query \w+:  must be (integer|array)$/,
    reason: "the spec of all operations gives each the same odd parameters" },
];
