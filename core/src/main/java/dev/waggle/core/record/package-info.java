/// Values as SQLite knows them, and their exact spelling in payloads: [dev.waggle.core.record.Value].
package dev.waggle.core.record;
