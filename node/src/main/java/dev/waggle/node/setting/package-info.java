/// What people may change of a running node, and what takes a restart.
/// Read [dev.waggle.node.setting.Setting] for the list, then [dev.waggle.node.setting.SettingsDesk], which changes one.
package dev.waggle.node.setting;
