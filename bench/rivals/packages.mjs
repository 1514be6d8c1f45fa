// Fetches what the systems are made of. What cannot be had costs only the systems that need it: each is left out with the reason.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const STAMP = 'fetched';                             // beside what Maven fetched: the text of the pom it came by
const PLATFORMS = { 'linux x64': 'linux-amd64', 'linux arm64': 'linux-arm64v8', 'darwin x64': 'darwin-amd64', 'darwin arm64': 'darwin-arm64v8' };

/** Where Maven's part of a system is. */
export const mavenFolder = name => join(here, 'maven', name, 'target');

/** Fetches what is missing. Returns why a system cannot be measured, by system; those that can be are not in it. */
export function fetchPackages(systems, say) {
  const { dependencies, optionalDependencies } = manifest();
  const npm = [...new Set(['better-sqlite3', ...Object.values(systems).flatMap(system => system.packages)])];
  const versions = { ...dependencies, ...optionalDependencies };
  if (npm.some(name => !isInstalled(name, versions[name]))) installNpm(say);
  const missing = {};
  for (const [name, { packages, maven = [] }] of Object.entries(systems)) {
    const lacking = packages.find(one => !isInstalled(one, versions[one]));
    const reasons = lacking ? [whyNot(lacking, versions[lacking])] : maven.map(one => installMaven(one, say)).filter(Boolean);
    if (reasons.length > 0) [missing[name]] = reasons;
  }
  return missing;
}

/** The packages of a system with their versions, as text. */
export function versionsOf({ packages, maven = [] }) {
  const { dependencies, optionalDependencies } = manifest();
  const versions = { ...dependencies, ...optionalDependencies };
  return [...packages.map(name => `${name} ${versions[name]}`), ...maven.flatMap(name => mavenVersions(readFileSync(pom(name), 'utf8')))].join(', ');
}

/** `artifact version` of each dependency that a pom names. */
export function mavenVersions(text) {
  const found = text.matchAll(/<dependency>\s*<groupId>[^<]*<\/groupId>\s*<artifactId>([^<$]*?)-?(?:\$\{[^}]*\})?<\/artifactId>\s*<version>([^<]*)<\/version>/g);
  return [...found].map(([, artifact, version]) => `${artifact} ${version}`);
}

const manifest = () => JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
const pom = name => join(here, 'maven', name, 'pom.xml');

function isInstalled(name, version) {
  const file = join(here, 'node_modules', name, 'package.json');
  return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === version;
}

/** Where Node came with its headers they are used: what has to be compiled needs no download of them. */
function installNpm(say) {
  say('rivals: installing packages (once, some minutes; a C++ compiler is needed)');
  const prefix = dirname(dirname(process.execPath));
  const headers = existsSync(join(prefix, 'include/node/node.h')) ? { npm_config_nodedir: prefix } : {};
  try {
    execFileSync('npm', ['install', '--loglevel=error'], { cwd: here, env: { ...process.env, ...headers }, stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (error) {
    say(`rivals: npm install: ${error.message}`);
  }
}

/** npm is silent about a package that it could do without. */
function whyNot(name, version) {
  try {
    execFileSync('npm', ['pack', '--dry-run', '--loglevel=error', `${name}@${version}`], { cwd: here, stdio: ['ignore', 'ignore', 'pipe'] });
    return `${name} ${version} can be fetched, but does not install here`;
  } catch (error) {
    return `${name} ${version} cannot be fetched: ${lastWords.npm(error.stderr)}`;
  }
}

/** Maven fetches into a folder of its own, where nothing of ours is. What it fetched before is kept until the pom changes. */
function installMaven(name, say) {
  const folder = mavenFolder(name);
  const wanted = readFileSync(pom(name), 'utf8');
  const stamp = join(folder, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return undefined;
  say(`rivals: fetching ${name} with Maven (once)`);
  const platform = PLATFORMS[`${process.platform} ${process.arch}`];
  try {
    execFileSync('mvn', ['-B', '-ntp', '-q', '-f', pom(name), 'process-resources', ...platform ? [`-Dplatform=${platform}`] : []],
      { stdio: ['ignore', 'pipe', 'pipe'] });
    writeFileSync(stamp, wanted);
    return undefined;
  } catch (error) {
    return `${name} cannot be fetched with Maven: ${lastWords.maven(error.stdout) || error.message}`;
  }
}

/** What a tool says is wrong, without what it says around it, and where it looked: a report is read elsewhere. */
export const lastWords = {
  npm: output => first(output, /^npm (?:error|ERR!) (?!code |A complete log)(?:notarget |\d{3} )?(.+)/m),
  maven: output => first(output, /^\[ERROR\] (?:.*: )?((?:(?!: ).)+?)(?: -> \[Help \d\])?$/m),
};

function first(output, pattern) {
  const words = pattern.exec(stripVTControlCharacters(String(output ?? '')))?.[1] ?? '';
  return words.replace(/ \(https?:\S+\)/g, '').replace(/https?:\S+/g, 'the registry').trim().replace(/\.$/, '');
}
