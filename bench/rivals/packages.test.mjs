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
  assert.equal(lastWords.npm('npm error code ETARGET\nnpm error notarget No matching version found for yjs@99.9.9.\nnpm error A complete log of this run can be found in: /x\n'),
    'No matching version found for yjs@99.9.9');
  assert.equal(lastWords.npm('npm ERR! code E404\nnpm ERR! 404 Not Found - GET https://example.org/x - Not found\n'), 'Not Found - GET the registry - Not found');
  assert.equal(lastWords.maven('\u001b[0m[ERROR] Failed to execute goal on project x: Could not resolve dependencies for project a:x:pom:1: Could not find artifact b:y:jar:2 in central (https://example.org/maven) -> [Help 1]\n[ERROR] \n[ERROR] To see'),
    'Could not find artifact b:y:jar:2 in central');
  assert.equal(lastWords.maven('no error told'), '');
});
