//! Flows: what people, agents and attackers do, against a real server.

mod bad_reports;
mod first_run;
mod fleet;
mod history;
mod live;
mod mock;
mod reporting;
mod restart;
mod system;
mod tls;
