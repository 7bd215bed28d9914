// A comment: input: "elsewhere".
export const config = { dir: { input: "src", output: "_site" } };
export default function () {}
