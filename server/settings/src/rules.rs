//! What has to hold between members, whichever of them is changed.

use crate::document::System;
use crate::error::Error;

/// Checks members against each other and settles what follows from others.
pub(crate) fn settle(system: &mut System) -> Result<(), Error> {
    if system.update_channel == "rc" {
        // A trial release is installed by a person or not at all.
        system.auto_update_enabled = false;
    }
    let (least, base, most) = (
        system.adaptive_polling_min_interval,
        system.adaptive_polling_base_interval,
        system.adaptive_polling_max_interval,
    );
    if !(least..=most).contains(&base) {
        let wanted = format!(
            "from adaptivePollingMinInterval ({least}) to adaptivePollingMaxInterval ({most})"
        );
        return Err(Error::invalid("adaptivePollingBaseInterval", wanted));
    }
    let (raw, minute) = (
        system.metrics_retention_raw_hours,
        system.metrics_retention_minute_hours,
    );
    if raw > minute {
        let wanted = format!("at most metricsRetentionMinuteHours ({minute})");
        return Err(Error::invalid("metricsRetentionRawHours", wanted));
    }
    let hours = 24
        * system
            .metrics_retention_hourly_days
            .max(system.metrics_retention_daily_days);
    if minute > hours {
        let wanted = format!("at most the {hours} hours that figures by the hour are kept");
        return Err(Error::invalid("metricsRetentionMinuteHours", wanted));
    }
    Ok(())
}
