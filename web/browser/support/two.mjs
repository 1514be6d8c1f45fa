// The start of most tests in which two people look at two nodes.

import { Browser } from './browser.mjs';

/// Two nodes, a cable to the first one, and a tab on each.
///
/// @param ofA what the first one's settings.json says
export async function twoNodes(place, ofA = {}, ofB = {}) {
  const [browser, a, b] = await Promise.all([Browser.open(), place.node('a', ofA), place.node('b', ofB)]);
  const link = await place.link(a.up.listen);
  const [onA, onB] = await Promise.all([browser.page(a), browser.page(b)]);
  return { browser, a, b, link, onA, onB };
}
