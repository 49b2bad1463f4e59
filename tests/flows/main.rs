//! Flows: what people, agents and attackers do, against a real server.

mod bad_reports;
mod first_run;
mod live;
mod reporting;
mod restart;
mod tls;
