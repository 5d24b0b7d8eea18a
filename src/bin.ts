#!/usr/bin/env node
import { main } from "./cli/main.ts";

/* Not by `exitCode`: a TLS connection reset while it was being ended (see lab/network/listener.ts) makes Node 20 spin
   for ever when it comes to its end by itself. Output is complete by now: it is written synchronously on Linux. */
process.exit(await main(process.argv.slice(2)));
