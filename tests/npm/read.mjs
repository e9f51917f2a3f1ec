import { readFileSync } from "node:fs";
import { parseRssFeed } from "feedsmith";
import partytime from "podcast-partytime";

const text = readFileSync(process.argv[2], "utf-8");
console.log(JSON.stringify({ partytime: partytime.parseFeed(text), feedsmith: parseRssFeed(text) }));
