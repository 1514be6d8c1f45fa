import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { lastWords, mavenVersions, versionsOf } from './packages.mjs';
import { SYSTEMS } from './systems.mjs';

test('the versions of a pom are those of its dependencies', () => {
  assert.deepEqual(mavenVersions(`<project><version>9</version><dependencies>
    <dependency><groupId>a.b</groupId><artifactId>one</artifactId><version>1.2</version></dependency>
    <dependency><groupId>a.b</groupId><artifactId>two-\${platform}</artifactId><version>3</version>
      <exclusions><exclusion><groupId>c</groupId><artifactId>three</artifactId></exclusion></exclusions></dependency>
    </dependencies><build><plugins><plugin><groupId>d</groupId><artifactId>four</artifactId><version>5</version></plugin></plugins></build></project>`),
  ['one 1.2', 'two 3']);
});

test('every package of a system has one version, and every system a module', () => {
  for (const [name, system] of Object.entries(SYSTEMS)) {
    assert.doesNotMatch(versionsOf(system), /undefined|[\^~*]/, name);
    assert.ok(existsSync(new URL(`rivals/${name}.mjs`, import.meta.url)), name);
  }
});

test('why npm and Maven could not fetch something is told by their own first words', () => {
  const npm = ['npm error code ETARGET', 'npm error notarget No matching version found for yjs@99.9.9.', 'npm error A complete log of this run can be found in: /x'];
  assert.equal(lastWords.npm(npm.join('\n')), 'No matching version found for yjs@99.9.9');
  const older = ['npm ERR! code E404', 'npm ERR! 404 Not Found - GET https://example.org/x - Not found'];
  assert.equal(lastWords.npm(older.join('\n')), 'Not Found - GET the registry - Not found');
  const maven = ['\u001b[0m[ERROR] Failed to execute goal on project x: Could not resolve dependencies for project a:x:pom:1: '
    + 'Could not find artifact b:y:jar:2 in central (https://example.org/maven) -> [Help 1]', '[ERROR] ', '[ERROR] To see'];
  assert.equal(lastWords.maven(maven.join('\n')), 'Could not find artifact b:y:jar:2 in central');
  assert.equal(lastWords.maven('no error told'), '');
});
