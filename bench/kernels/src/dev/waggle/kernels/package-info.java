/// The small things that an event costs, one by one, by JMH: `./waggle kernels`. [dev.waggle.kernels.Sample] is what they work on, [dev.waggle.kernels.Report]
/// runs them and writes the table. Read [dev.waggle.kernels.Payloads] first.
package dev.waggle.kernels;
