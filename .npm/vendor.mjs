// Fills wijkapp/static/vendor with the few files a browser needs out of node_modules.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";

const vendor = "wijkapp/static/vendor";
const { dependencies, wijkapp } = JSON.parse(readFileSync("package.json", "utf8"));

rmSync(vendor, { recursive: true, force: true });
mkdirSync(vendor, { recursive: true });
for (const file of wijkapp.files) copyFileSync(`node_modules/${file}`, `${vendor}/${basename(file)}`);

// One sprite of the icons we use. Stroke width is left to the page: `.icon { stroke-width: 2 }`.
const symbol = (name) => {
  const drawing = readFileSync(`node_modules/lucide-static/icons/${name}.svg`, "utf8")
    .match(/<svg[^>]*>(.*)<\/svg>/s)[1]
    .replace(/\s*\n\s*/g, "");
  return (
    `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" ` +
    `stroke-linecap="round" stroke-linejoin="round">${drawing}</symbol>`
  );
};
const svg = `<svg xmlns="http://www.w3.org/2000/svg">\n${wijkapp.icons.map(symbol).join("\n")}\n</svg>\n`;
writeFileSync(`${vendor}/icons.svg`, svg);

// Their licences travel with their files.
const licence = (name) => {
  const path = ["LICENSE", "LICENSE.md"].map((file) => `node_modules/${name}/${file}`).find(existsSync);
  return `=== ${name}\n\n${readFileSync(path, "utf8").trim()}\n`;
};
writeFileSync(`${vendor}/licenses.txt`, Object.keys(dependencies).map(licence).join("\n"));
