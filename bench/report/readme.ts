import type { Drawn } from './charts.ts'
import type { Results } from './results.ts'
import { reportText } from './text.ts'

const method = `Written by \`npm run bench\`; do not edit. The numbers behind it are in [latest.json](latest.json).

## How it is measured

- **A server that costs the client nothing.** The stub is a process of its own with answers prepared as bytes, over TLS on 127.0.0.1, with checksums, request ids and dates as DynamoDB sends them. It checks what is written against what must be stored.
- **The same work for all.** An item of 15 attributes and about 1 KB: a map in a map, a list, a number set, binary, text beyond ASCII in every fifth. Each library uses its own schema with every attribute declared and required, makes its keys itself where it can, and gives JavaScript values back. Fields of the items read are compared every time: a number inside maps, the size of a set, the length of the binary.
- **The AWS SDK client is the measure.** It is given attribute values made beforehand and gives attribute values back: it converts nothing. The "limits" parse JSON and convert nothing either.
- **No favours.** Every client has its defaults, and the stub's certificate is trusted by the whole process beside the well-known ones. dynakit runs with \`capacityDetail: 'none'\`, because the other libraries do not ask for consumed capacity either; it checks every answer's checksum, which the SDK client does not. dynakit validates with zod.
- **CPU time, medians, ratios.** Each contestant has a process of its own, without a loader. They are warmed up by a number of operations, not by time, and work in turn, in an order that moves on every round. CPU time is user and system time of the whole process, garbage collection and compilation included; no collection is forced. V8 is told to keep compiled code (\`--no-flush-bytecode\`), because a process that waits for its turn would lose it, and the AWS SDK needs thousands of requests to get it back. A ratio compares the same round of both; tables show the median and the range of the rounds. Times depend on the machine, ratios much less.
- **Cold starts** are fresh processes with credentials in the environment; "beyond Node's own" takes the median start of Node alone, which has read the well-known certificates, off both sides. dynakit's bundles leave out the AWS SDK, which they do not load.`

/** The page that stands beside the numbers. */
export function readme(results: Results, drawn: readonly Drawn[]): string {
  const pictures = drawn.map(({ file, title }) => `![${title}](${file})`).join('\n\n')
  return `# What a DynamoDB client costs\n\n${pictures}\n\n${method}\n\n${reportText(results)}\n`
}
