/// A node's data folder as it stood at one moment, in a folder of its own, and back again. Data flows: databases -> copies -> hashes -> `backup.json`, and back.
/// Read [dev.waggle.node.backup.Backup] first, then `Restore`; what a node makes of a restored folder is in `Identity` (new epochs) and `Files` (the tracked file).
package dev.waggle.node.backup;
